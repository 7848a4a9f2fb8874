namespace CosyVoice.Engine;

/// <summary>The tokens of an utterance whose text is still arriving: looks for more of it whenever it is asked.</summary>
internal sealed class StreamedTokens(TextFeed feed, int utterance, TextStreamDecoder decoder) : ITokenSource
{
    private int _read;
    private bool _complete;

    public IReadOnlyList<int> Tokens => decoder.Tokens;

    public IReadOnlyList<int> Decoded => decoder.Decoded;

    public bool Ended => decoder.Ended;

    public ReadOnlyMemory<LanguageModelInput> NextInputs(int limit = int.MaxValue)
    {
        if (!_complete)
        {
            var (ids, isComplete) = feed.Read(utterance, _read);
            _read += ids.Length;
            decoder.Append(ids);
            if (isComplete)
            {
                _complete = true;
                decoder.Complete();
            }
        }

        return decoder.NextInputs(limit);
    }

    public TokenDraw? Draw(int inputs) => decoder.Draw(inputs);

    public void Accept(int inputs, int token) => decoder.Accept(inputs, token);
}
