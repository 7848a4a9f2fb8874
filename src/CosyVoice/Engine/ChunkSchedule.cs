using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>One call of the flow: on tokens [0, Tokens), of which those before Offset were spoken by earlier calls.</summary>
public readonly record struct FlowChunk(int Tokens, int Offset, bool Streaming, bool Finalize);

/// <summary>
/// When an utterance's tokens are turned into sound (cosyvoice/cli/model.py, CosyVoice2Model.tts). Streaming: as
/// soon as a hop and its look-ahead are there, the hop doubling from chunk to chunk; the rest at the end, with
/// full attention. Not streaming: everything at the end. The plan depends on the tokens alone, never on when they
/// were looked at, and the hop belongs to the stream.
/// </summary>
public sealed class ChunkSchedule
{
    private readonly bool _streaming;
    private readonly int _maximumHop;
    private readonly int _lookAhead;
    private int _hop;
    private int _offset;

    /// <param name="streaming">False: one chunk at the end.</param>
    /// <param name="hop">Tokens of the first chunk; the flow's attention chunk.</param>
    /// <param name="lookAhead">Tokens that the flow sees beyond those it turns into frames.</param>
    /// <param name="promptTokens">Prompt tokens of the flow; the first hop ends the attention chunk that they begin.</param>
    public ChunkSchedule(bool streaming, int hop, int lookAhead, int promptTokens)
    {
        const int growth = 4; // 25, 50, 100
        (_streaming, _hop, _maximumHop, _lookAhead) = (streaming, hop, hop * growth, lookAhead);
        FirstHop = hop + ((hop - (promptTokens % hop)) % hop);
    }

    public bool Done { get; private set; }

    /// <summary>Whether a chunk has been given.</summary>
    public bool Begun => _offset > 0 || Done;

    private int FirstHop { get; }

    /// <summary>The next chunk when <paramref name="available"/> tokens are there, or null when more are needed or all is done.</summary>
    /// <param name="available">Tokens so far.</param>
    /// <param name="ended">Whether no more follow.</param>
    public FlowChunk? Next(int available, bool ended)
    {
        var chunk = Peek(available, ended);
        if (chunk is { Finalize: false } hop)
        {
            _offset = hop.Tokens - _lookAhead;
            _hop = Math.Min(_maximumHop, _hop * 2);
        }
        else if (IsReady(available, ended))
        {
            Done = true;
        }

        return chunk;
    }

    /// <summary>What <see cref="Next"/> would give.</summary>
    public FlowChunk? Peek(int available, bool ended) =>
        !IsReady(available, ended) ? null
        : HasHop(available) ? new FlowChunk(_offset + ThisHop + _lookAhead, _offset, Streaming: true, Finalize: false)
        : available == 0 ? null
        : new FlowChunk(available, _offset, Streaming: false, Finalize: true);

    /// <summary>Whether <see cref="Next"/> would advance.</summary>
    public bool IsReady(int available, bool ended) => !Done && (ended || HasHop(available));

    public void Save(StateWriter state) => state.Write([_offset, _hop]);

    /// <summary>Makes a new schedule of the same request go on where one was saved.</summary>
    /// <param name="available">Tokens there are; at least those of the chunks that were given.</param>
    /// <exception cref="StateException">The state does not fit.</exception>
    public void Restore(StateReader state, int available)
    {
        _offset = state.ReadInt("tokens spoken", 0, Math.Max(0, available - _lookAhead));
        _hop = state.ReadInt("tokens of the next chunk", 1, _maximumHop);
    }

    private int ThisHop => _offset == 0 ? FirstHop : _hop;

    private bool HasHop(int available) => _streaming && available - _offset >= ThisHop + _lookAhead;
}
