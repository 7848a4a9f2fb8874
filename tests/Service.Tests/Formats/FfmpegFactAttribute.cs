namespace CosyOrleans.Service.Tests.Formats;

/// <summary>A test that needs ffmpeg and ffprobe, and is skipped where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FfmpegFactAttribute : FactAttribute
{
    public FfmpegFactAttribute() => Skip = Ffprobe.WhyNot;
}

/// <summary>The same for tests with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FfmpegTheoryAttribute : TheoryAttribute
{
    public FfmpegTheoryAttribute() => Skip = Ffprobe.WhyNot;
}
