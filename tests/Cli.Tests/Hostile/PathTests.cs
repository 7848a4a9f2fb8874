using System.Net;
using System.Text;
using System.Text.Json;

namespace CosyOrleans.Cli.Tests.Hostile;

/// <summary>Names that lead elsewhere, wherever a name can be given: refused, and no file appears outside the data folder.</summary>
[Collection(nameof(HostileServer))]
public sealed class PathTests(HostileServer server)
{
    private static readonly string[] Routes =
    [
        "GET /v1/jobs/{0}", "DELETE /v1/jobs/{0}", "GET /v1/jobs/{0}/items", "GET /v1/jobs/{0}/events", "GET /v1/jobs/{0}/download", "GET /v1/jobs/{0}/manifest", "GET /v1/jobs/{0}/assembly",
        "GET /v1/jobs/{0}/assembly/srt", "POST /v1/jobs/{0}/pause", "GET /v1/jobs/kept/items/{0}", "GET /v1/audio/voices/{0}", "GET /v1/audio/voices/{0}/file", "DELETE /v1/audio/voices/{0}",
    ];

    // As they stand in an address; what is sent in a body is what they mean.
    public static TheoryData<string> Names =>
    [
        "..", "../..", "../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%2e%2e", "..%5c..%5cwindows", "%2fetc%2fpasswd", "/etc/passwd",
        "a%00.wav", "%00", "a%0d%0aX-Evil:%201", "..%252f..%252fetc%252fpasswd", "~root", ".new", ".", "%c0%ae%c0%ae%2f", "file:%2f%2f%2fetc%2fpasswd",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Address_WithAPathForAName_IsRefused(string name)
    {
        foreach (var route in Routes)
        {
            var (method, path) = (route.Split(' ')[0], route.Split(' ')[1].Replace("{0}", name, StringComparison.Ordinal));
            using var request = new HttpRequestMessage(new HttpMethod(method), server.Exactly(path));
            using var answer = await server.Client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            // A name of dots alone may make the address another one, which a list answers.
            Assert.True((int)answer.StatusCode is 400 or 404 or 405 || IsAnother(name), $"{route}: {answer.StatusCode} {text}");
            Assert.DoesNotContain("root:", text, StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("X-Evil"), text);
        }

        Assert.Empty(server.Strays());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Body_WithAPathForAName_IsRefused(string name)
    {
        var meant = JsonSerializer.Serialize(Uri.UnescapeDataString(name));
        // Names of speeches lead nowhere: dots are as good as letters there.
        var isPlain = Uri.UnescapeDataString(name).All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        foreach (var (path, body) in new[]
        {
            ("/tts", $$"""{"text":"One.","speaker_id":{{meant}}}"""),
            ("/v1/audio/speech", $$"""{"input":"One.","response_format":"pcm","voice":{{meant}}}"""),
            ("/v1/jobs", $$"""{"id":{{meant}},"items":["One."]}"""),
            ("/v1/jobs", $$"""{"items":[{"text":"One.","name":{{meant}}}]}"""),
            ("/v1/jobs", $$"""{"items":[{"text":"One.","task_id":{{meant}}}]}"""),
            ("/v1/jobs", $$"""{"items":[{"text":"One.","voice":{{meant}}}]}"""),
        })
        {
            HostileServer.AssertRefused(await server.PostAsync(path, body), HttpStatusCode.BadRequest, "");
        }

        foreach (var (path, body) in new[] { ("/tts", $$"""{"text":"One.","task_id":{{meant}}}"""), ("/v1/feedback", $$"""{"task_id":{{meant}},"score":3}""") })
        {
            var answer = await server.PostAsync(path, body);
            if (!isPlain)
            {
                HostileServer.AssertRefused(answer, HttpStatusCode.BadRequest, "task_id");
            }
        }

        Assert.Empty(server.Strays());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Upload_WithAPathForAName_StaysInTheDataFolder(string name)
    {
        var meant = Uri.UnescapeDataString(name);
        foreach (var (field, file, id) in new[] { ("file", "spk2info.pt", meant), ("file", meant, null), ("recording", $"{meant}.wav", null) })
        {
            using var body = new MemoryStream();
            Write(body, $"--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file}\"\r\n\r\n");
            body.Write(await File.ReadAllBytesAsync(CosyProcess.Fixture(field == "file" ? "model_v3/model/spk2info.pt" : "model_v3/prompt.wav")));
            Write(body, "\r\n");
            if (field == "file")
            {
                Write(body, "--b\r\nContent-Disposition: form-data; name=\"voice\"\r\n\r\nsft_spk\r\n");
            }

            Write(body, id is null ? "--b--\r\n" : $"--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n{id}\r\n--b--\r\n");
            using var content = new ByteArrayContent(body.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
            using var answer = await server.Client.PostAsync("/v1/audio/voices", content);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                // What is left of a file's name without its folder may be an honest id.
                using var saved = JsonDocument.Parse(text);
                Assert.True(id is null, text);
                Assert.All(saved.RootElement.GetProperty("voices").EnumerateArray(), voice => Assert.Matches("^[A-Za-z0-9._-]+$", voice.GetProperty("id").GetString()!));
            }
            else
            {
                HostileServer.AssertRefused((answer.StatusCode, text), HttpStatusCode.BadRequest, "");
            }
        }

        Assert.Empty(server.Strays());
    }

    private static bool IsAnother(string name) => name.Trim('/', '.').Length == 0;

    private static void Write(MemoryStream body, string text) => body.Write(Encoding.UTF8.GetBytes(text));
}
