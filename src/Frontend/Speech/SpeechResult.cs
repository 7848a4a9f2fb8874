using System.Buffers;
using System.Globalization;
using CosyOrleans.Service.Checks;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;
using Microsoft.Extensions.Primitives;

namespace CosyOrleans.Frontend.Speech;

/// <summary>A speech as the answer to a request: streamed while it is made, or as a whole.</summary>
internal sealed class SpeechResult : IResult
{
    // Between two flushes when the model is ahead of the network.
    private const int FlushBytes = 32 * 1024;

    private readonly SpeechFindings _findings;
    private readonly AudioEncoder _encoder;
    private readonly bool _stream;

    private SpeechResult(Service.Synthesis.Speech speech, AudioEncoder encoder, bool stream) => (_findings, _encoder, _stream) = (new SpeechFindings(speech), encoder, stream);

    /// <summary>Completes when the first sound exists.</summary>
    /// <exception cref="Service.Errors.SpeechException">There will be none, and why.</exception>
    public static async Task<SpeechResult> BeginAsync(
        ISynthesis synthesis, SpeakRequest request, AudioEncoders encoders, AudioOutput output, CancellationToken cancellationToken)
    {
        // A request that is refused anyway, with everything that is wrong with it, takes no place from others.
        var encoder = request.Unreadable.Count == 0 ? await encoders.OpenAsync(output) : null;
        try
        {
            var speech = await synthesis.SpeakAsync(request, cancellationToken);
            return new SpeechResult(speech, encoder!, request.Streaming);
        }
        catch
        {
            encoder?.Dispose();
            throw;
        }
    }

    public async Task ExecuteAsync(HttpContext context)
    {
        using (_encoder)
        {
            await using (_findings.Speech)
            {
                var sound = _encoder.Encode(_findings.Speech, whole: !_stream);
                if (_stream)
                {
                    await StreamAsync(sound, context.Response, context.RequestAborted);
                }
                else
                {
                    await SendWholeAsync(sound, context.Response, context.RequestAborted);
                }
            }
        }
    }

    private async Task StreamAsync(EncodedSound sound, HttpResponse response, CancellationToken cancellationToken)
    {
        var body = response.BodyWriter;
        await using var pieces = sound.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            // Flushing before each wait sends the first piece at once, and together those that are already there.
            var next = pieces.MoveNextAsync();
            if (response.HasStarted && (!next.IsCompleted || body.UnflushedBytes >= FlushBytes))
            {
                await body.FlushAsync(cancellationToken);
            }

            if (!await next)
            {
                break;
            }

            var first = !response.HasStarted;
            if (first)
            {
                Describe(sound, response);
            }

            body.Write(pieces.Current.Span);
            if (first)
            {
                await body.FlushAsync(cancellationToken);
            }
        }
    }

    private async Task SendWholeAsync(EncodedSound sound, HttpResponse response, CancellationToken cancellationToken)
    {
        var pieces = await sound.ReadAllAsync(cancellationToken);
        Describe(sound, response);
        response.ContentLength = pieces.Sum(piece => (long)piece.Length);
        foreach (var piece in pieces)
        {
            response.BodyWriter.Write(piece.Span);
            if (response.BodyWriter.UnflushedBytes >= FlushBytes)
            {
                await response.BodyWriter.FlushAsync(cancellationToken);
            }
        }

        // With a known length nothing is left to write at the end, and so the server would not flush by itself.
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private void Describe(EncodedSound sound, HttpResponse response)
    {
        var details = _findings.Speech.Details;
        response.ContentType = _encoder.Output.Format.ContentType();
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Sample-Rate"] = sound.SampleRate.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Channels"] = "1";
        response.Headers["X-Seed"] = details.Seed.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Voice"] = Uri.EscapeDataString(details.VoiceId);
        response.Headers["X-Task-Id"] = details.TaskId;
        response.Headers["X-AI-Generated"] = "true";
        if (!_stream) // Of a stream the sound is still to come.
        {
            response.Headers["X-Speech-Check"] = _findings.ToString();
        }

        if (details.FromCache is { } fromCache)
        {
            response.Headers["X-Cache"] = fromCache ? "hit" : "miss";
        }

        if (details.Warnings.Count > 0)
        {
            response.Headers["X-Warning"] = new StringValues([.. details.Warnings.Select(Ascii)]);
        }
    }

    // Headers hold nothing else.
    private static string Ascii(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
