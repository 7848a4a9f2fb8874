using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CosyVoice.Audio;

namespace CosyVoice.Enrolment;

/// <summary>
/// Reads sound files other than WAV with the ffmpeg program, where it is installed. The file goes in at the program's standard
/// input (kept by it, as some formats have their index at the end) and it may open nothing else; what comes out, how long that
/// takes and how much memory it takes are limited.
/// </summary>
/// <param name="path">Folders to look for the program in, as in PATH.</param>
internal sealed partial class Ffmpeg(string path)
{
    private const int MostOutputBytes = 64 * 1024 * 1024;
    private const int EmptyWavBytes = 128; // what ffmpeg writes before the first sample is less
    private const int MostMessageCharacters = 300;
    private const int MostProgramMemory = 256 * 1024 * 1024;

    // Sound and what carries it; no playlists, which name other files.
    private const string Formats = "aac,ac3,aiff,amr,ape,asf,au,caf,eac3,flac,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,ogg,opus,tta,wav,w64,wv";

    private static readonly string Program = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";

    /// <summary>How long the program may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    public static Ffmpeg OfPath() => new(Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <exception cref="AudioFormatException">The program is not installed, or cannot read the file.</exception>
    public async Task<Recording> DecodeAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        var program = Find() ?? throw new AudioFormatException(
            $"The recording is {SoundFormat.Describe(file.Span)}; without ffmpeg, which is not installed on this machine, only WAV files can be read.",
            "Give the recording as a WAV file, or install ffmpeg where the server runs.");
        using var process = Start(program);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            var feeding = FeedAsync(process.StandardInput.BaseStream, file, limit.Token);
            var message = ReadAsync(process.StandardError.BaseStream, limit.Token);
            var output = await ReadAsync(process.StandardOutput.BaseStream, limit.Token);
            await feeding;
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 && output.Length > EmptyWavBytes
                ? WavReader.Read(output)
                : throw new AudioFormatException(
                    $"ffmpeg cannot read the recording ({SoundFormat.Describe(file.Span)}): {Shown(await message)}.", "Give it as a WAV file.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AudioFormatException(
                $"ffmpeg took more than {TimeLimit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} seconds over the recording.", "Give it as a WAV file.");
        }
        finally
        {
            Kill(process);
        }
    }

    private string? Find() => path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathFullyQualified) // Never from the folder that the server happens to run in.
        .Select(folder => Path.Combine(folder, Program))
        .FirstOrDefault(File.Exists);

    private static Process Start(string program)
    {
        var seconds = (RecordingCheck.LongestSeconds + 1).ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // -nostdin: behind cache: it does not see that its standard input is the file, and would take bytes of it for keys.
        foreach (var argument in new[]
                 {
                     "-hide_banner", "-nostdin", "-v", "error", "-max_alloc", MostProgramMemory.ToString(CultureInfo.InvariantCulture), "-threads", "1",
                     "-protocol_whitelist", "pipe,cache", "-format_whitelist", Formats, "-read_ahead_limit", "-1", "-i", "cache:pipe:0", "-map", "0:a:0", "-t", seconds, "-c:a", "pcm_f32le", "-f", "wav", "pipe:1",
                 })
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            throw new AudioFormatException($"{program} cannot be started: {error.Message.TrimEnd('.')}.", "Give the recording as a WAV file, or install ffmpeg anew.", error);
        }
    }

    /// <summary>The program may have heard enough before the end.</summary>
    private static async Task FeedAsync(Stream input, ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        try
        {
            await using (input)
            {
                await input.WriteAsync(file, cancellationToken);
            }
        }
        catch (IOException)
        {
            // It no longer listens; whether it is content its exit status says.
        }
    }

    private static async Task<byte[]> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[81920];
        for (var count = await output.ReadAsync(buffer, cancellationToken); count > 0; count = await output.ReadAsync(buffer, cancellationToken))
        {
            if (content.Length + count > MostOutputBytes)
            {
                throw new AudioFormatException(
                    $"The recording has more than {MostOutputBytes / 1024 / 1024} MB when it is unpacked.", "Give it with one channel and at most 48000 samples per second.");
            }

            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    private static string Shown(byte[] message)
    {
        var said = Origin().Replace(Encoding.UTF8.GetString(message), "");
        var text = string.Join(' ', said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length == 0 ? "it gives no reason" : text[..Math.Min(text.Length, MostMessageCharacters)].TrimEnd('.');
    }

    /// <summary>Which part of the program speaks, and where that lies in memory.</summary>
    [GeneratedRegex(@"\[[^\]\n]* @ 0x[0-9a-f]+\]")]
    private static partial Regex Origin();
}
