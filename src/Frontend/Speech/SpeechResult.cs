using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Audio;
using Microsoft.Extensions.Primitives;

namespace CosyOrleans.Frontend.Speech;

/// <summary>A speech as the answer to a request: streamed while it is made, or as a whole.</summary>
internal sealed class SpeechResult(Service.Synthesis.Speech speech, AudioFormat format, bool stream) : IResult
{
    // Between two flushes when the model is ahead of the network.
    private const int FlushBytes = 32 * 1024;

    public async Task ExecuteAsync(HttpContext context)
    {
        await using (speech)
        {
            if (stream)
            {
                await StreamAsync(context.Response, context.RequestAborted);
            }
            else
            {
                await SendWholeAsync(context.Response, context.RequestAborted);
            }
        }
    }

    private async Task StreamAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        Describe(response);
        var body = response.BodyWriter;
        if (format == AudioFormat.Wav)
        {
            WriteHeader(body, null);
        }

        await using var frames = speech.Frames.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            // Flushing before each wait sends the first frame at once, and together those that are already there.
            var next = frames.MoveNextAsync();
            if (response.HasStarted && (!next.IsCompleted || body.UnflushedBytes >= FlushBytes))
            {
                await body.FlushAsync(cancellationToken);
            }

            if (!await next)
            {
                break;
            }

            Write(body, frames.Current);
            if (!response.HasStarted)
            {
                await body.FlushAsync(cancellationToken);
            }
        }
    }

    private async Task SendWholeAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        List<AudioFrame> frames = [];
        await foreach (var frame in speech.Frames.WithCancellation(cancellationToken))
        {
            frames.Add(frame);
        }

        Describe(response);
        var samples = frames.Sum(frame => (long)frame.Samples.Length);
        var bytes = samples * sizeof(short);
        response.ContentLength = format == AudioFormat.Wav ? bytes + WavWriter.HeaderBytes : bytes;
        if (format == AudioFormat.Wav)
        {
            WriteHeader(response.BodyWriter, samples);
        }

        foreach (var frame in frames)
        {
            Write(response.BodyWriter, frame);
            if (response.BodyWriter.UnflushedBytes >= FlushBytes)
            {
                await response.BodyWriter.FlushAsync(cancellationToken);
            }
        }

        // With a known length nothing is left to write at the end, and so the server would not flush by itself.
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private void Describe(HttpResponse response)
    {
        var details = speech.Details;
        response.ContentType = format.ContentType();
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Sample-Rate"] = details.SampleRate.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Channels"] = "1";
        response.Headers["X-Seed"] = details.Seed.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Voice"] = Uri.EscapeDataString(details.VoiceId);
        response.Headers["X-Task-Id"] = details.TaskId;
        if (details.Warnings.Count > 0)
        {
            response.Headers["X-Warning"] = new StringValues([.. details.Warnings.Select(Ascii)]);
        }
    }

    // Headers hold nothing else.
    private static string Ascii(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c : '?'));

    private void WriteHeader(PipeWriter body, long? samples) => body.Write(WavWriter.Header(speech.Details.SampleRate, samples));

    private static void Write(PipeWriter body, AudioFrame frame)
    {
        var samples = frame.Samples.Span;
        var size = samples.Length * sizeof(short);
        var destination = body.GetSpan(size);
        for (var i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(destination[(sizeof(short) * i)..], samples[i]);
        }

        body.Advance(size);
    }
}
