using System.Diagnostics;
using System.Runtime.CompilerServices;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Cli;

/// <summary>
/// A sound file, of the format that its name ends in, that exists only when it is complete: it is written under another
/// name and renamed. Standard output gets a WAV as it is made.
/// </summary>
internal sealed class SpeechFile(string path, AudioEncoder encoder) : IDisposable
{
    public const string FileHelp = "The sound file; its ending says the format: wav, flac, mp3, aac, opus, ogg (opus), pcm, ulaw or alaw. - for WAV on standard output.";

    private const string StandardOutput = "-";

    public double Seconds { get; private set; }

    /// <param name="sampleRate">Samples per second of the file; null for the model's own.</param>
    /// <exception cref="SpeechException">The file's name or the rate asks for what cannot be had on this machine.</exception>
    public static async Task<SpeechFile> OpenAsync(string path, int? sampleRate)
    {
        var format = path == StandardOutput || Path.GetExtension(path).Length == 0 ? AudioFormat.Wav : AudioFormats.OfFile(path);
        if (format is null)
        {
            throw SpeechException.Invalid([new Violation(
                SpeechErrorCodes.RequestInvalid, $"The name {Quoted.Value(path)} ends in no known format.", $"Let it end in {AudioFormats.List}.")]);
        }

        var encoders = new AudioEncoders(new FormatOptions(), TimeProvider.System);
        return new SpeechFile(path, await encoders.OpenAsync(new AudioOutput(format.Value, sampleRate)));
    }

    /// <param name="samples">Mono, as they are made.</param>
    /// <param name="sampleRate">Samples per second of these.</param>
    public async Task WriteAsync(IAsyncEnumerable<ReadOnlyMemory<short>> samples, int sampleRate, CancellationToken cancellation)
    {
        var progress = new ProgressLine();
        try
        {
            var sound = encoder.Encode(Watched(samples, sampleRate, progress, cancellation), sampleRate, whole: path != StandardOutput);
            await WriteAsync(sound, cancellation);
        }
        finally
        {
            progress.Clear();
        }
    }

    public void Dispose() => encoder.Dispose();

    private async Task WriteAsync(EncodedSound sound, CancellationToken cancellation)
    {
        if (path == StandardOutput)
        {
            await using var standardOutput = Console.OpenStandardOutput();
            await foreach (var piece in sound.ReadAsync(cancellation))
            {
                await standardOutput.WriteAsync(piece, cancellation);
                await standardOutput.FlushAsync(cancellation);
            }

            return;
        }

        var partial = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            await using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write))
            {
                await sound.WriteAsync(file, cancellation);
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<short>> Watched(
        IAsyncEnumerable<ReadOnlyMemory<short>> samples, int sampleRate, ProgressLine progress, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var piece in samples.WithCancellation(cancellation))
        {
            Seconds += (double)piece.Length / sampleRate;
            progress.Show(Seconds);
            yield return piece;
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
