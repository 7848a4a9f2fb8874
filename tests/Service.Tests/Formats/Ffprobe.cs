using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CosyOrleans.Service.Tests.Formats;

/// <summary>What others make of our files: ffprobe's description of them, and the samples that ffmpeg decodes.</summary>
internal static class Ffprobe
{
    public static string? WhyNot { get; } = Installed("ffmpeg") && Installed("ffprobe") ? null : "ffmpeg is not installed.";

    /// <summary>Codec, rate, length in seconds (0 where the file states none) and all texts of the metadata.</summary>
    public static async Task<(string Codec, int SampleRate, double Seconds, string Tags)> DescribeAsync(byte[] sound)
    {
        using var file = new SoundFile(sound);
        var json = await RunAsync("ffprobe", ["-v", "error", "-of", "json", "-show_format", "-show_streams", file.Path]);
        using var document = JsonDocument.Parse(json);
        var stream = Assert.Single(document.RootElement.GetProperty("streams").EnumerateArray());
        var format = document.RootElement.GetProperty("format");
        var tags = string.Concat(new[] { stream, format }.Select(part => part.TryGetProperty("tags", out var found) ? found.ToString() : ""));
        return (
            stream.GetProperty("codec_name").GetString()!,
            int.Parse(stream.GetProperty("sample_rate").GetString()!, CultureInfo.InvariantCulture),
            format.TryGetProperty("duration", out var seconds) ? double.Parse(seconds.GetString()!, CultureInfo.InvariantCulture) : 0,
            tags);
    }

    public static async Task<short[]> DecodeAsync(byte[] sound)
    {
        using var file = new SoundFile(sound);
        return MemoryMarshal.Cast<byte, short>(await RunAsync("ffmpeg", ["-v", "error", "-i", file.Path, "-f", "s16le", "-ac", "1", "-"])).ToArray();
    }

    public static async Task<byte[]> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.Equal("", await errors); // A file that is right in every way is read without a word.
        return output.ToArray();
    }

    private static bool Installed(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program)));

    private sealed class SoundFile : IDisposable
    {
        public SoundFile(byte[] content) => File.WriteAllBytes(Path, content);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"cosy-{Guid.NewGuid():N}");

        public void Dispose() => File.Delete(Path);
    }
}
