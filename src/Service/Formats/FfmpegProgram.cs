using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Formats;

/// <summary>The ffmpeg program of this machine, if there is one.</summary>
/// <param name="path">Folders to look for it in, as in PATH.</param>
internal sealed class FfmpegProgram(string path)
{
    private const int MostListBytes = 1024 * 1024;

    private static readonly string Name = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";
    private static readonly TimeSpan ListLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private (string File, DateTime Written, Task<IReadOnlySet<string>> Encoders)? _known;

    /// <summary>The file; null where it is not installed.</summary>
    public string? Find() => path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathFullyQualified) // Never from the folder that the server happens to run in.
        .Select(folder => Path.Combine(folder, Name))
        .FirstOrDefault(File.Exists);

    /// <summary>Names of the encoders that it has; asked once for each program that is installed there.</summary>
    /// <exception cref="SpeechException">It cannot be started or does not answer.</exception>
    public Task<IReadOnlySet<string>> EncodersAsync(string file)
    {
        lock (_gate)
        {
            var written = File.GetLastWriteTimeUtc(file);
            if (_known is not { } known || known.File != file || known.Written != written || known.Encoders.IsFaulted)
            {
                known = (file, written, ListAsync(file));
                _known = known;
            }

            return known.Encoders;
        }
    }

    /// <summary>Starts it without a shell: arguments are passed as they are.</summary>
    /// <exception cref="SpeechException">It cannot be started.</exception>
    public static Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            throw FormatErrors.Failed($"{file} cannot be started: {error.Message.TrimEnd('.')}", error);
        }
    }

    public static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    private static async Task<IReadOnlySet<string>> ListAsync(string file)
    {
        await Task.Yield(); // Not under the lock.
        using var process = Start(file, ["-hide_banner", "-v", "error", "-encoders"]);
        using var limit = new CancellationTokenSource(ListLimit);
        try
        {
            process.StandardInput.Close();
            var list = new StringBuilder();
            var buffer = new char[4096];
            for (var count = 1; count > 0 && list.Length < MostListBytes; list.Append(buffer, 0, count))
            {
                count = await process.StandardOutput.ReadAsync(buffer, limit.Token);
            }

            // Lines such as " A....D libopus              libopus Opus (codec opus)".
            return list.ToString().Split('\n')
                .Select(line => line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Length > 1 && words[0].Length == 6 && words[0][0] == 'A')
                .Select(words => words[1])
                .ToHashSet();
        }
        catch (OperationCanceledException e)
        {
            throw FormatErrors.Failed($"{file} did not say within {ListLimit.TotalSeconds:0} seconds what it can do", e);
        }
        finally
        {
            Kill(process);
        }
    }
}
