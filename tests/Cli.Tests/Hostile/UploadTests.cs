using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Cli.Tests.Hostile;

/// <summary>Bodies that are far too large, or become so: refused in time, and neither memory nor disk is filled.</summary>
[Collection(nameof(HostileServer))]
public sealed class UploadTests(HostileServer server)
{
    private const long Gigabyte = 1L << 30;
    private const int Megabyte = 1 << 20;
    private const long MostMemory = 300 * Megabyte;

    private const string Multipart = "multipart/form-data; boundary=b";
    private const string FilePart = "--b\r\nContent-Disposition: form-data; name=\"{0}\"; filename=\"a.{1}\"\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Method, address, type, and how the body begins.</summary>
    public static TheoryData<string, string, string> Uploads => new()
    {
        { "/tts", "application/json", "{\"text\":\"" },
        { "/tts", Multipart, string.Format(CultureInfo.InvariantCulture, FilePart, "reference_audio", "wav") },
        { "/tts/timestamps", "application/json", "{\"text\":\"" },
        { "/v1/audio/speech", "application/json", "{\"input\":\"" },
        { "/v1/text-to-speech/x", "application/json", "{\"text\":\"" },
        { "/api/v1/services/audio/tts/SpeechSynthesizer", "application/json", "{\"input\":{\"text\":\"" },
        { "/api/v1/services/audio/tts/customization", "application/json", "{\"input\":{\"url\":\"" },
        { "/inference_zero_shot", Multipart, string.Format(CultureInfo.InvariantCulture, FilePart, "prompt_wav", "wav") },
        { "/v1/audio/voices", Multipart, string.Format(CultureInfo.InvariantCulture, FilePart, "file", "pt") },
        { "/v1/audio/voices", Multipart, string.Format(CultureInfo.InvariantCulture, FilePart, "recording", "wav") },
        { "/v1/feedback", "application/json", "{\"comment\":\"" },
        { "/v1/jobs", "application/json", "{\"items\":[\"" },
        { "/v1/jobs", "application/epub+zip", "PK\u0003\u0004" },
    };

    [Theory]
    [MemberData(nameof(Uploads))]
    public async Task Upload_Of4GigabytesAnnounced_IsRefusedBeforeItIsSent(string path, string type, string begin)
    {
        var (status, sent) = await UploadAsync(path, type, begin, announced: true);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.InRange(sent, 0, 80 * Megabyte);
    }

    [Theory]
    [MemberData(nameof(Uploads))]
    public async Task Upload_Of4GigabytesInChunks_IsRefusedAtItsLimit(string path, string type, string begin)
    {
        var (memory, disk) = (server.MostMemory, server.OnDisk);

        var (status, sent) = await UploadAsync(path, type, begin, announced: false);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        // What is on its way through the system's buffers comes on top.
        Assert.InRange(sent, 0, HostileServer.JobBytes + (80 * Megabyte));
        Assert.InRange(server.MostMemory - memory, long.MinValue, MostMemory);
        // The answer may be there before what had come is gone.
        Assert.True(
            await Waiting.ForAsync(() => server.OnDisk - disk <= Megabyte, Patience, default), $"{server.OnDisk - disk} bytes stay on the disk");
    }

    [Fact]
    public async Task Book_ThatUnpacksTo2Gigabytes_IsRefused()
    {
        await RefusedAsync(Zip(("META-INF/container.xml", "<container><rootfiles><rootfile full-path=\"b.opf\"/></rootfiles></container>"u8.ToArray(), 0), ("b.opf", "<package>"u8.ToArray(), 2 * Gigabyte)));
        await RefusedAsync(Zip(("META-INF/container.xml", [], 2 * Gigabyte)));
    }

    [Fact]
    public async Task Book_OfCountlessFiles_IsRefused() =>
        await RefusedAsync(Zip([.. Enumerable.Range(0, 60_000).Select(i => ($"f{i}", Array.Empty<byte>(), 0L))]));

    [Fact]
    public async Task Voices_ThatUnpackTo2Gigabytes_AreRefused()
    {
        await RefusedAsync("spk2info.pt", Zip(("spk2info/data.pkl", [], 2 * Gigabyte), ("spk2info/data/0", [], 4)));
        await RefusedAsync("spk2info.pt", Zip(("spk2info/data.pkl", [0x80, 2, (byte)'.'], 0), ("spk2info/data/0", [], 2 * Gigabyte)));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(1L << 31)]
    [InlineData(100_000_000)]
    public async Task Voice_WhoseHeaderClaimsToBeHuge_IsRefused(long claimed)
    {
        var content = new byte[1000];
        BinaryPrimitives.WriteInt64LittleEndian(content, claimed);
        await RefusedAsync("a.safetensors", content);
    }

    private async Task RefusedAsync(byte[] book)
    {
        var memory = server.MostMemory;
        using var body = new ByteArrayContent(book);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/epub+zip");
        using var answer = await server.Client.PostAsync("/v1/jobs?assembly=wav", body);
        HostileServer.AssertRefused((answer.StatusCode, await answer.Content.ReadAsStringAsync()), HttpStatusCode.BadRequest, "book");
        Assert.InRange(server.MostMemory - memory, long.MinValue, MostMemory);
    }

    private async Task RefusedAsync(string name, byte[] file)
    {
        var memory = server.MostMemory;
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), "file", name } };
        using var answer = await server.Client.PostAsync("/v1/audio/voices", form);
        HostileServer.AssertRefused((answer.StatusCode, await answer.Content.ReadAsStringAsync()), HttpStatusCode.BadRequest, name);
        Assert.InRange(server.MostMemory - memory, long.MinValue, MostMemory);
    }

    /// <summary>Files with what is given and behind it so many spaces, which take next to nothing in the archive.</summary>
    private static byte[] Zip(params (string Name, byte[] Content, long Spaces)[] files)
    {
        var spaces = new byte[Megabyte];
        Array.Fill(spaces, (byte)' ');
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content, count) in files)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
                for (var left = count; left > 0; left -= spaces.Length)
                {
                    entry.Write(spaces.AsSpan(0, (int)Math.Min(left, spaces.Length)));
                }
            }
        }

        return archive.ToArray();
    }

    /// <summary>Sends until the server has answered or will not have any more.</summary>
    private async Task<(HttpStatusCode Status, long Sent)> UploadAsync(string path, string type, string begin, bool announced)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = client.GetStream();
        var length = announced ? $"Content-Length: {4 * Gigabyte}" : "Transfer-Encoding: chunked";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{length}\r\n\r\n"));
        using var answered = new CancellationTokenSource();
        var sending = SendAsync(stream, begin, announced, answered.Token);
        var head = new byte[15];
        try
        {
            await stream.ReadExactlyAsync(head).AsTask().WaitAsync(Patience);
        }
        finally
        {
            await answered.CancelAsync();
        }

        return ((HttpStatusCode)int.Parse(Encoding.ASCII.GetString(head, 9, 3), CultureInfo.InvariantCulture), await sending);
    }

    private static async Task<long> SendAsync(NetworkStream stream, string begin, bool announced, CancellationToken answered)
    {
        var piece = new byte[Megabyte];
        Array.Fill(piece, (byte)'a');
        var sent = 0L;
        try
        {
            await SendAsync(stream, Encoding.Latin1.GetBytes(begin), announced, answered);
            for (; sent < 4 * Gigabyte; sent += piece.Length)
            {
                await SendAsync(stream, piece, announced, answered);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The server has said enough.
        }

        return sent;
    }

    private static async Task SendAsync(NetworkStream stream, byte[] piece, bool announced, CancellationToken answered)
    {
        if (!announced)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n"), answered);
        }

        await stream.WriteAsync(piece, answered);
        if (!announced)
        {
            await stream.WriteAsync("\r\n"u8.ToArray(), answered);
        }
    }
}
