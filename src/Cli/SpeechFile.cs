using System.Diagnostics;
using CosyVoice.Audio;
using CosyVoice.Engine;

namespace CosyOrleans.Cli;

/// <summary>
/// A WAV file that exists only when it is complete: it is written under another name and renamed. Standard output gets the
/// sound as it is made.
/// </summary>
internal sealed class SpeechFile(string path, int sampleRate)
{
    private long _samples;

    public double Seconds => (double)_samples / sampleRate;

    public async Task WriteAsync(IAsyncEnumerable<AudioChunk> chunks, CancellationToken cancellation)
    {
        if (path == "-")
        {
            await using var standardOutput = Console.OpenStandardOutput();
            await WriteAsync(standardOutput, chunks, cancellation);
            return;
        }

        var partial = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
            {
                await WriteAsync(file, chunks, cancellation);
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private async Task WriteAsync(Stream stream, IAsyncEnumerable<AudioChunk> chunks, CancellationToken cancellation)
    {
        using var wav = new WavWriter(stream, sampleRate);
        var progress = new ProgressLine();
        try
        {
            await foreach (var chunk in chunks.WithCancellation(cancellation))
            {
                wav.Write(chunk.Samples.Span);
                await stream.FlushAsync(cancellation);
                _samples += chunk.Samples.Length;
                progress.Show(Seconds);
            }
        }
        finally
        {
            progress.Clear();
        }
    }

    /// <summary>One line on a terminal that is overwritten; nothing elsewhere.</summary>
    private sealed class ProgressLine
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private double? _first;

        public void Show(double seconds)
        {
            var elapsed = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            _first ??= elapsed;
            if (!Console.IsErrorRedirected)
            {
                Console.Error.Write($"\r{seconds,6:0.0} s spoken, {seconds / elapsed,5:0.0} times as fast as speech, first sound after {_first * 1000:0} ms ");
            }
        }

        public void Clear()
        {
            if (!Console.IsErrorRedirected)
            {
                Console.Error.Write("\r\u001b[K");
            }
        }
    }
}
