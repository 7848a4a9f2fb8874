using System.Net;
using System.Text;
using System.Text.Json;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Tests.Access;

/// <summary>Two tenants and the operator, every endpoint, every id: what is another's answers as what never was.</summary>
public sealed class TenantMatrixTests(TenantMatrixTests.Two tenants) : IClassFixture<TenantMatrixTests.Two>
{
    private const string Text = "One two three.";

    /// <summary>acme has the voice and the job "mine"; the operator has "ours", which is shared, and the job "house".</summary>
    public sealed class Two : KeyedServer, IAsyncLifetime
    {
        internal HttpClient Acme { get; private set; } = null!;

        internal HttpClient Bolt { get; private set; } = null!;

        internal HttpClient Operator { get; private set; } = null!;

        async Task IAsyncLifetime.InitializeAsync()
        {
            await NewKeyAsync("first"); // Without any the server does not start.
            await InitializeAsync();
            (Acme, Bolt, Operator) = (await ClientOfAsync("acme"), await ClientOfAsync("bolt"), await ClientOfAsync(null));
            await ImportAsync(Acme, "mine", 3);
            await ImportAsync(Operator, "ours", 5);
            await SubmitAsync(Acme, "mine", "mine");
            await SubmitAsync(Operator, "house", "ours");
        }

        internal static async Task<HttpResponseMessage> ImportAsync(HttpClient client, string id, int tone)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(ExportedVoice.Write(TestVoices.Plain(id, tone))), "file", $"{id}.safetensors" } };
            var response = await client.PostAsync("/v1/audio/voices", form);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            return response;
        }

        internal static async Task SubmitAsync(HttpClient client, string id, string voice)
        {
            var items = new[] { new { text = Text, name = "a.wav", voice, seed = 7 } };
            using var response = await client.PostAsJsonAsync($"/v1/jobs?id={id}", new { items });
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            using var events = await client.GetAsync($"/v1/jobs/{id}/events");
            Assert.Contains("\"done\":1", (await events.Content.ReadAsStringAsync()).Replace(" ", "", StringComparison.Ordinal));
        }
    }

    public static TheoryData<string, string, string?> PathsWithIds => new()
    {
        { "GET", "/v1/audio/voices/{0}", null },
        { "GET", "/v1/audio/voices/{0}/file", null },
        { "PATCH", "/v1/audio/voices/{0}", "{\"name\": \"taken\"}" },
        { "DELETE", "/v1/audio/voices/{0}", null },
        { "GET", "/v1/jobs/{0}", null },
        { "GET", "/v1/jobs/{0}/items", null },
        { "GET", "/v1/jobs/{0}/items/a.wav", null },
        { "GET", "/v1/jobs/{0}/events", null },
        { "GET", "/v1/jobs/{0}/download", null },
        { "POST", "/v1/jobs/{0}/pause", null },
        { "POST", "/v1/jobs/{0}/resume", null },
        { "POST", "/v1/jobs/{0}/cancel", null },
        { "POST", "/v1/jobs/{0}/retry", null },
        { "DELETE", "/v1/jobs/{0}", null },
        { "POST", "/tts", "{\"text\": \"a\", \"speaker_id\": \"{0}\"}" },
        { "POST", "/v1/audio/speech", "{\"input\": \"a\", \"voice\": \"{0}\", \"response_format\": \"pcm\"}" },
        { "POST", "/v1/jobs", "{\"items\": [{\"text\": \"a\", \"voice\": \"{0}\"}]}" },
    };

    [Theory]
    [MemberData(nameof(PathsWithIds))]
    public async Task Request_WithAnothersId_AnswersAsForOneThatNeverWas(string method, string path, string? body)
    {
        var never = await AskAsync(tenants.Bolt, method, path, body, "none");
        Assert.True(never.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, never.Body);

        foreach (var id in new[] { "mine", "acme~mine", "~mine", "acme%7Emine" })
        {
            var another = await AskAsync(tenants.Bolt, method, path, body, id);
            Assert.Equal((never.Status, never.Body.Replace("none", Uri.UnescapeDataString(id))), (another.Status, another.Body.Replace(id, Uri.UnescapeDataString(id))));
        }

        Assert.Equal(never.Status, (await AskAsync(tenants.Bolt, method, path, body, "bolt~mine")).Status);
        foreach (var id in new[] { "mine", "acme~mine" })
        {
            Assert.Equal(never.Status, (await AskAsync(tenants.Operator, method, path, body, id)).Status);
        }

        if (path.Contains("jobs/", StringComparison.Ordinal))
        {
            Assert.Equal(never.Status, (await AskAsync(tenants.Bolt, method, path, body, "house")).Status);
        }
    }

    [Fact]
    public async Task Lists_ShowOwnAndSharedOnly()
    {
        Assert.Equal(["amy", "ben", "mine", "ours"], await IdsAsync(tenants.Acme, "/v1/audio/voices", "voices"));
        Assert.Equal(["amy", "ben", "ours"], await IdsAsync(tenants.Bolt, "/v1/audio/voices", "voices"));
        Assert.Equal(["amy", "ben", "ours"], await IdsAsync(tenants.Operator, "/v1/audio/voices", "voices"));
        Assert.Equal(["mine"], await IdsAsync(tenants.Acme, "/v1/jobs", "jobs"));
        Assert.Empty(await IdsAsync(tenants.Bolt, "/v1/jobs", "jobs"));
        Assert.Equal(["house"], await IdsAsync(tenants.Operator, "/v1/jobs", "jobs"));
    }

    [Fact]
    public async Task Owner_UsesWhatIsItsOwn_AndNeverReadsOfTenants()
    {
        foreach (var path in new[] { "/v1/audio/voices/mine", "/v1/jobs/mine", "/v1/jobs/mine/items", "/v1/jobs/mine/events" })
        {
            var answer = await tenants.Acme.GetStringAsync(path);
            Assert.Contains("mine", answer);
            Assert.DoesNotContain("acme", answer);
        }

        using var speech = await tenants.Acme.PostAsJsonAsync("/tts", new { text = Text, speaker_id = "mine", seed = 7 });
        Assert.Equal("mine", Assert.Single(speech.Headers.GetValues("X-Voice")));
        var expected = Expected("acme~mine", 3);
        Assert.Equal(expected, await speech.Content.ReadAsByteArrayAsync());
        Assert.Equal(Expected("acme~mine", 3, streaming: false), (await tenants.Acme.GetByteArrayAsync("/v1/jobs/mine/items/a.wav"))[^expected.Length..]);
        using var zip = await tenants.Acme.GetAsync("/v1/jobs/mine/download");
        Assert.Contains("filename=\"mine.zip\"", zip.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.DoesNotContain("acme", Encoding.Latin1.GetString(await zip.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task SharedVoice_IsUsedByTenantsButNotChanged()
    {
        using var speech = await tenants.Bolt.PostAsJsonAsync("/tts", new { text = Text, speaker_id = "ours", seed = 7 });
        Assert.Equal(Expected("ours", 5), await speech.Content.ReadAsByteArrayAsync());

        var deleted = await tenants.Bolt.DeleteAsync("/v1/audio/voices/ours");
        var changed = await tenants.Bolt.PatchAsJsonAsync("/v1/audio/voices/ours", new { name = "taken" });
        Assert.Equal(("VOICE_SHARED", "VOICE_SHARED"), ((await CosyServer.ErrorAsync(deleted)).Code, (await CosyServer.ErrorAsync(changed)).Code));
    }

    [Fact]
    public async Task SameIds_AreDifferentThings()
    {
        var cole = await tenants.ClientOfAsync("cole");
        await Two.ImportAsync(cole, "mine", 9);
        await Two.ImportAsync(cole, "ours", 11);
        await Two.SubmitAsync(cole, "mine", "mine");

        foreach (var (client, voice, tone) in new[] { (cole, "cole~mine", 9), (cole, "cole~ours", 11), (tenants.Acme, "acme~mine", 3), (tenants.Bolt, "ours", 5) })
        {
            using var speech = await client.PostAsJsonAsync("/tts", new { text = Text, speaker_id = voice.Split('~')[^1], seed = 7 });
            Assert.Equal(Expected(voice, tone), await speech.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(HttpStatusCode.NoContent, (await cole.DeleteAsync("/v1/jobs/mine")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await cole.DeleteAsync("/v1/audio/voices/ours")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await tenants.Acme.GetAsync("/v1/jobs/mine/items/a.wav")).StatusCode);
        using var again = await cole.PostAsJsonAsync("/tts", new { text = Text, speaker_id = "ours", seed = 7 });
        Assert.Equal(Expected("ours", 5), await again.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Rename_ToTheModelsOrAnImpossibleId_IsRefused()
    {
        var cole = await tenants.ClientOfAsync("dora");
        await Two.ImportAsync(cole, "mine", 9);

        foreach (var (id, code) in new[] { ("amy", "VOICE_BUILT_IN"), ("acme~mine", "VOICE_INVALID"), ("", "VOICE_INVALID") })
        {
            var refused = await cole.PatchAsJsonAsync("/v1/audio/voices/mine", new { id });
            Assert.Equal(code, (await CosyServer.ErrorAsync(refused)).Code);
        }

        var moved = await cole.PatchAsJsonAsync("/v1/audio/voices/mine", new { id = "other" });
        Assert.DoesNotContain("dora", await moved.Content.ReadAsStringAsync());
        Assert.Equal(["amy", "ben", "other", "ours"], await IdsAsync(cole, "/v1/audio/voices", "voices"));
    }

    // Named as inside the service, which the sound of the test's model depends on.
    private byte[] Expected(string voice, int tone, bool streaming = true) =>
        CosyServer.Bytes(tenants.Model.Expected(Text, voice, 7, streaming: streaming, speaker: TestVoices.Plain(voice, tone).Content));

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client, string method, string path, string? body, string id)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{0}", id, StringComparison.Ordinal));
        if (body is not null)
        {
            request.Content = new StringContent(body.Replace("{0}", Uri.UnescapeDataString(id), StringComparison.Ordinal), Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<string[]> IdsAsync(HttpClient client, string path, string list)
    {
        using var json = JsonDocument.Parse(await client.GetStringAsync(path));
        return [.. json.RootElement.GetProperty(list).EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!)];
    }
}
