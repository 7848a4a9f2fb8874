using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CosyOrleans.Service.Tests.Ports;

/// <summary>What is in the one sound of a job, as other programs read it.</summary>
internal static class AssertAssembly
{
    private static readonly (string, double)[] Chapters = [("The Sea", 0), ("Storm", 1.0), ("Calm & after", 1.75)];

    /// <param name="samples">Those of the items, one each.</param>
    public static async Task IsBookAsync(string format, byte[] sound, string path, IEnumerable<short> samples)
    {
        if (format == "wav")
        {
            IsWav(sound, [.. samples]);
            return;
        }

        await File.WriteAllBytesAsync(path, sound);
        using var about = JsonDocument.Parse(await RunAsync("ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_format", "-show_streams", path));
        var tags = about.RootElement.GetProperty("format").GetProperty("tags").EnumerateObject().ToDictionary(tag => tag.Name.ToLowerInvariant(), tag => tag.Value.GetString()!);
        Assert.Equal(("A Voyage", "Ann Lee, Bo", "AI-generated speech"), (tags["title"], tags["artist"], tags["comment"]));
        Assert.Contains(about.RootElement.GetProperty("streams").EnumerateArray(), stream => stream.GetProperty("codec_name").GetString() == "png");
        var chapters = about.RootElement.GetProperty("chapters").EnumerateArray().Select(chapter => (
                chapter.GetProperty("tags").GetProperty("title").GetString()!, Math.Round(double.Parse(chapter.GetProperty("start_time").GetString()!), 3)));
        Assert.Equal(Chapters, chapters);
        if (format == "flac")
        {
            var decoded = await RunAsync("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-f", "s16le", "-");
            Assert.Equal(samples, Spoken(MemoryMarshal.Cast<byte, short>(decoded)));
        }
    }

    private static void IsWav(ReadOnlySpan<byte> file, short[] samples)
    {
        Assert.Equal(file.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(file[4..]));
        List<(string, double)> chapters = [];
        Dictionary<int, int> cues = [];
        var text = "";
        for (var at = 12; at < file.Length;)
        {
            var name = Encoding.ASCII.GetString(file.Slice(at, 4));
            var content = file.Slice(at + 8, BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]));
            at += 8 + content.Length + (content.Length % 2);
            switch (name)
            {
                case "cue ":
                    for (var i = 0; i < BinaryPrimitives.ReadInt32LittleEndian(content); i++)
                    {
                        cues[BinaryPrimitives.ReadInt32LittleEndian(content[(4 + (24 * i))..])] = BinaryPrimitives.ReadInt32LittleEndian(content[(24 + (24 * i))..]);
                    }

                    break;
                case "LIST" when content.StartsWith("adtl"u8):
                    for (var i = 4; i < content.Length;)
                    {
                        var size = BinaryPrimitives.ReadInt32LittleEndian(content[(i + 4)..]);
                        var label = content.Slice(i + 8, size);
                        chapters.Add((Encoding.UTF8.GetString(label[4..^1]), cues[BinaryPrimitives.ReadInt32LittleEndian(label)]));
                        i += 8 + size + (size % 2);
                    }

                    break;
                case "LIST":
                    text = Encoding.UTF8.GetString(content);
                    break;
                case "data":
                    Assert.Equal(samples, Spoken(MemoryMarshal.Cast<byte, short>(content)));
                    break;
            }
        }

        Assert.All(["AI-generated speech", "A Voyage", "Ann Lee, Bo"], part => Assert.Contains(part, text));
        Assert.Equal(Chapters, chapters.Select(chapter => (chapter.Item1, Math.Round(chapter.Item2 / 24000, 3))));
    }

    // Those that are not silence.
    private static short[] Spoken(ReadOnlySpan<short> samples) => [.. samples.ToArray().Where(sample => sample != 0)];

    private static async Task<byte[]> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}
