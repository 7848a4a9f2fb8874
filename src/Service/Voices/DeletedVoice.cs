using System.Text.Json;
using CosyOrleans.Service.Files;

namespace CosyOrleans.Service.Voices;

/// <summary>deleted.json: up to which version a voice was deleted, so that its numbers are not given again.</summary>
internal static class DeletedVoice
{
    private const string Name = "deleted.json";

    /// <summary>0 where nothing was deleted.</summary>
    public static int Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        return File.Exists(path) ? JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path))!.Version : 0;
    }

    public static void Write(string folder, int version, string temporary)
    {
        Directory.CreateDirectory(temporary);
        var partial = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
        DurableFiles.WriteAll(partial, JsonSerializer.SerializeToUtf8Bytes(new Content(version)));
        File.Move(partial, Path.Combine(folder, Name), overwrite: true);
        DurableFiles.FlushFolder(folder);
    }

    private sealed record Content(int Version);
}
