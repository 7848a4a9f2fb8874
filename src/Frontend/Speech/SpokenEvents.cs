using System.Runtime.CompilerServices;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Speech;

/// <summary>A speech as server-sent events, in the words of a protocol.</summary>
internal sealed class SpokenEvents : IResult
{
    private readonly Service.Synthesis.Speech _speech;
    private readonly AudioEncoder _encoder;
    private readonly Words _words;
    private int _tokens;

    private SpokenEvents(Service.Synthesis.Speech speech, AudioEncoder encoder, Words words) => (_speech, _encoder, _words) = (speech, encoder, words);

    /// <summary>Completes when the first sound exists.</summary>
    /// <exception cref="SpeechException">There will be none, and why.</exception>
    public static async Task<SpokenEvents> BeginAsync(
        ISynthesis synthesis, SpeakRequest request, AudioEncoders encoders, AudioOutput output, Words words, CancellationToken cancellationToken)
    {
        var encoder = request.Unreadable.Count == 0 ? await encoders.OpenAsync(output) : null;
        try
        {
            return new SpokenEvents(await synthesis.SpeakAsync(request, cancellationToken), encoder!, words);
        }
        catch
        {
            encoder?.Dispose();
            throw;
        }
    }

    public async Task ExecuteAsync(HttpContext context)
    {
        var gone = context.RequestAborted;
        var events = new EventStream(context.Response);
        events.Begin();
        using (_encoder)
        {
            await using (_speech)
            {
                try
                {
                    var counted = new Service.Synthesis.Speech(_speech.Details, CountedAsync(_speech.Frames), () => ValueTask.CompletedTask);
                    await foreach (var piece in _encoder.Encode(counted, whole: false).ReadAsync(gone))
                    {
                        await events.SendAsync(_words.Delta(Convert.ToBase64String(piece.Span)), _words.Before, gone);
                    }

                    await events.SendAsync(_words.Done(_tokens), _words.Before, gone);
                }
                catch (SpeechException e)
                {
                    await events.SendAsync(_words.Failed(HttpErrors.StatusOf(e.Kind), HttpErrors.BodyOf(e)), _words.BeforeFailure, gone);
                }
            }
        }
    }

    private async IAsyncEnumerable<AudioFrame> CountedAsync(IAsyncEnumerable<AudioFrame> frames, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            _tokens += frame.Tokens.Sum(tokens => tokens.Tokens.Count);
            yield return frame;
        }
    }

    /// <summary>What a protocol calls it.</summary>
    /// <param name="Delta">A piece of sound, from its base64.</param>
    /// <param name="Done">The end, from the number of speech tokens.</param>
    /// <param name="Failed">There will be no more, from the status that it would have had, and why.</param>
    public sealed record Words(Func<string, object> Delta, Func<int, object> Done, Func<int, ErrorBody, object> Failed)
    {
        /// <summary>Lines before the data of each event.</summary>
        public string Before { get; init; } = "";

        /// <summary>Lines before the data of <see cref="Failed"/>.</summary>
        public string BeforeFailure { get; init; } = "";
    }
}
