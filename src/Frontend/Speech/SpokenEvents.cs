using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Alignment;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Speech;

/// <summary>A speech as server-sent events, in the words of a protocol.</summary>
internal sealed partial class SpokenEvents : IResult
{
    private readonly Service.Synthesis.Speech _speech;
    private readonly AudioEncoder _encoder;
    private readonly Words _words;
    private readonly ConcurrentQueue<SpokenSegment> _ended = []; // Not told yet.
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
                    await SendAllAsync(events, gone);
                }
                catch (Exception e) when (!gone.IsCancellationRequested)
                {
                    // The status was sent long ago; a stream that only broke off could be taken for a network's fault, and read again.
                    var error = e as SpeechException ?? SpeechException.Internal(e);
                    if (error != e)
                    {
                        LogUnexpected(context.RequestServices.GetRequiredService<ILogger<SpokenEvents>>(), e);
                    }

                    await events.SendAsync(_words.Failed(HttpErrors.StatusOf(error.Kind), HttpErrors.BodyOf(error)), _words.BeforeFailure, gone);
                }
            }
        }
    }

    private async Task SendAllAsync(EventStream events, CancellationToken gone)
    {
        var counted = new Service.Synthesis.Speech(_speech.Details, CountedAsync(_speech.Frames), () => ValueTask.CompletedTask);
        await foreach (var piece in _encoder.Encode(counted, whole: false).ReadAsync(gone))
        {
            await events.SendAsync(_words.Delta(Convert.ToBase64String(piece.Span)), _words.Before, gone);
            await SendSaidAsync(events, gone);
        }

        await SendSaidAsync(events, gone);
        await events.SendAsync(_words.Done(_tokens), _words.Before, gone);
    }

    private async Task SendSaidAsync(EventStream events, CancellationToken gone)
    {
        while (_ended.TryDequeue(out var segment))
        {
            foreach (var said in _words.Said!(segment))
            {
                await events.SendAsync(said, _words.Before, gone);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A speech failed after its first sound")]
    private static partial void LogUnexpected(ILogger logger, Exception exception);

    private async IAsyncEnumerable<AudioFrame> CountedAsync(IAsyncEnumerable<AudioFrame> frames, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var alignment = _words.Said is null ? null : new SpeechAlignment(_speech.Details.SampleRate);
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            foreach (var segment in alignment?.Add(frame) ?? [])
            {
                _ended.Enqueue(segment);
            }

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
        /// <summary>What is said of a segment behind its sound; null where nobody asked when words are said.</summary>
        public Func<SpokenSegment, IEnumerable<object>>? Said { get; init; }

        /// <summary>Lines before the data of each event.</summary>
        public string Before { get; init; } = "";

        /// <summary>Lines before the data of <see cref="Failed"/>.</summary>
        public string BeforeFailure { get; init; } = "";
    }
}
