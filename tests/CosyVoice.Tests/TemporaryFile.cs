namespace CosyVoice.Tests;

/// <summary>A file that is gone after the test.</summary>
internal sealed class TemporaryFile(string extension) : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():n}{extension}");

    public static TemporaryFile Of(string extension, ReadOnlySpan<byte> content)
    {
        var file = new TemporaryFile(extension);
        File.WriteAllBytes(file.Path, content);
        return file;
    }

    public void Dispose() => File.Delete(Path);
}
