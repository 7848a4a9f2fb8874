using System.Diagnostics;

namespace CosyVoice.Tests.Enrolment;

/// <summary>The ffmpeg of this machine, which makes the sound files of tests.</summary>
internal static class FfmpegProgram
{
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "ffmpeg")));

    /// <param name="input">What stands before the output: -i and the like.</param>
    /// <param name="format">What decides the kind of the output.</param>
    public static byte[] Make(string input, string format, string file)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", [.. $"-nostdin -v error -y {input} {format}".Split(' '), file]))!;
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), "ffmpeg hangs");
        Assert.Equal(0, process.ExitCode);
        return File.ReadAllBytes(file);
    }
}

/// <summary>A test that needs ffmpeg, and is skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FfmpegFactAttribute : FactAttribute
{
    public FfmpegFactAttribute() => Skip = FfmpegProgram.IsInstalled ? null : "ffmpeg is not installed.";
}

/// <inheritdoc cref="FfmpegFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FfmpegTheoryAttribute : TheoryAttribute
{
    public FfmpegTheoryAttribute() => Skip = FfmpegProgram.IsInstalled ? null : "ffmpeg is not installed.";
}
