using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Frontend.Tests.Jobs;

public sealed class JobsApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Post_List_MakesEachSound()
    {
        var response = await PostAsync("?id=list", """[{"text":"One two.","seed":3,"task_id":"first"},{"text":"Three.","seed":4,"voice":"ben","format":"pcm"}]""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/v1/jobs/list", response.Headers.Location?.ToString());
        Assert.Equal(("completed", 2), await EndAsync("list"));
        var wav = await server.Client.GetAsync("/v1/jobs/list/items/first.wav");
        Assert.Equal("audio/wav", wav.Content.Headers.ContentType?.ToString());
        Assert.Equal(CosyServer.Bytes(server.Model.Expected("One two.", "amy", 3, streaming: false)), (await wav.Content.ReadAsByteArrayAsync())[WavHeader.Length..]);
        Assert.Equal(
            CosyServer.Bytes(server.Model.Expected("Three.", "ben", 4, streaming: false)),
            await server.Client.GetByteArrayAsync("/v1/jobs/list/items/000002.pcm"));
    }

    [Fact]
    public async Task Post_Lines_TakesDefaultsFromTheQuery()
    {
        await PostAsync("?id=lines&voice=ben&seed=8&max_in_flight=2", "{\"text\":\"One.\"}\n\n{\"text\":\"Two.\"}\n", "application/x-ndjson");

        Assert.Equal(("completed", 2), await EndAsync("lines"));
        var items = await JsonAsync("/v1/jobs/lines/items?limit=1&from=2");
        Assert.False(items.TryGetProperty("next", out _));
        Assert.Equal(2, (await JsonAsync("/v1/jobs/lines/items?limit=1")).GetProperty("next").GetInt32());
        var item = Assert.Single(items.GetProperty("items").EnumerateArray());
        Assert.Equal(("ben", 8, "done"), (item.GetProperty("voice").GetString(), item.GetProperty("seed").GetInt32(), item.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Post_SameIdAgain_IsTheSameJobOrAConflict()
    {
        const string Order = """{"id":"again","items":["One."]}""";
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("", Order)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("", Order)).StatusCode);
        var conflict = await PostAsync("", """{"id":"again","items":["Two."]}""");

        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        Assert.Equal("JOB_CONFLICT", (await CosyServer.ErrorAsync(conflict)).Code);
    }

    [Theory]
    [InlineData("text/plain", "One.\n\nTwo.\n", 2)]
    [InlineData("text/csv", "text,voice\nOne.,ben\n", 1)]
    public async Task Post_TextOrTable_IsAJob(string type, string content, int items)
    {
        var id = $"input{Math.Abs(HashCode.Combine(type, content))}";

        Assert.Equal(HttpStatusCode.Created, (await PostAsync($"?id={id}", content, type)).StatusCode);
        Assert.Equal(("completed", items), await EndAsync(id));
    }

    [Fact]
    public async Task Post_TextAsOneSound_ServesItWithSubtitlesAndInTheZip()
    {
        await PostAsync("?id=whole&assembly=wav&split=sentence&title=Day&pause=0.5", "One. Two.", "text/plain");
        Assert.Equal(("completed", 2), await EndAsync("whole"));

        var assembly = (await JsonAsync("/v1/jobs/whole")).GetProperty("assembly");
        Assert.Equal(("wav", "done"), (assembly.GetProperty("format").GetString(), assembly.GetProperty("status").GetString()));
        var sound = await server.Client.GetAsync("/v1/jobs/whole/assembly");
        Assert.Equal(("audio/wav", "whole.wav"), (sound.Content.Headers.ContentType!.MediaType, sound.Content.Headers.ContentDisposition!.FileName));
        Assert.Equal(assembly.GetProperty("bytes").GetInt64(), (await sound.Content.ReadAsByteArrayAsync()).Length);
        Assert.Contains("Two.", await server.Client.GetStringAsync("/v1/jobs/whole/assembly/srt"));
        Assert.StartsWith("WEBVTT", await server.Client.GetStringAsync("/v1/jobs/whole/assembly/vtt"));
        Assert.Equal(2, (await JsonAsync("/v1/jobs/whole/manifest")).GetProperty("items").GetArrayLength());
        using var zip = new ZipArchive(new MemoryStream(await server.Client.GetByteArrayAsync("/v1/jobs/whole/download")));
        Assert.Equal(["000001.wav", "000002.wav", "assembly/whole.wav", "assembly/whole.srt", "assembly/whole.vtt", "manifest.json"], zip.Entries.Select(entry => entry.FullName));
    }

    [Fact]
    public async Task Post_SameKeyAgain_IsTheSameJobOrAConflict()
    {
        async Task<HttpResponseMessage> Send(string content, string query = "")
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs{query}") { Content = new StringContent(content, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", "order 7/\"x\"");
            return await server.Client.SendAsync(request);
        }

        var first = await Send("""["One."]""");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Matches("^/v1/jobs/key-[0-9a-f]{32}$", first.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await Send("""["One."]""")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Send("""["Two."]""")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send("""["One."]""", "?id=x")).StatusCode);
    }

    [Theory]
    [InlineData("?assembly=mp3", "assembly 'mp3' is unknown")]
    [InlineData("?assembly=wav&format=pcm", "an assembly is made of WAV files")]
    [InlineData("?pause=1", "pause is given, but no assembly")]
    [InlineData("?assembly=wav&pause=11", "pause is 11, outside 0 to 10")]
    [InlineData("?webhook=https://example.com&webhook_secret=x", "There is no query field 'webhook_secret'")]
    public async Task Post_PlanThatCannotBe_IsRefused(string query, string message)
    {
        var answer = await PostAsync(query, """["One."]""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(message, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Events_TellEachItemAndTheEndWithIncreasingIds()
    {
        await PostAsync("?id=events&max_in_flight=1", """["One.","...","Two."]""");
        await EndAsync("events");
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs/events/events");
        request.Headers.Add("Last-Event-ID", "0");
        var answer = await server.Client.SendAsync(request);

        Assert.Equal("text/event-stream; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["id: 1", "id: 2", "id: 3", "id: 4"], events.Select(text => text.Split('\n')[0]));
        Assert.Equal(["event: item", "event: item", "event: item", "event: job"], events.Select(text => text.Split('\n')[1]));
        Assert.Contains("\"error\":\"TEXT_EMPTY\"", events[1]);
        Assert.Contains("\"status\":\"completed\"", events[3]);
    }

    [Fact]
    public async Task Download_HoldsTheOutputsAndAManifestOfEveryItem()
    {
        await PostAsync("?id=zip", """["One.","...","Two."]""");
        await EndAsync("zip");

        using var zip = new ZipArchive(new MemoryStream(await server.Client.GetByteArrayAsync("/v1/jobs/zip/download")));

        Assert.Equal(["000001.wav", "000003.wav", "manifest.json"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        using var first = new MemoryStream();
        await zip.Entries[0].Open().CopyToAsync(first);
        Assert.Equal(await server.Client.GetByteArrayAsync("/v1/jobs/zip/items/000001.wav"), first.ToArray());
        var manifest = (await JsonDocument.ParseAsync(zip.Entries[2].Open())).RootElement;
        Assert.Equal(
            ["done", "failed", "done"], manifest.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("status").GetString()));
        Assert.Equal(2, manifest.GetProperty("job").GetProperty("items").GetProperty("done").GetInt32());
    }

    [Fact]
    public async Task Commands_OutOfPlace_AreRefusedAndRetryMakesTheFailedAgain()
    {
        await PostAsync("?id=commands", """["One.","..."]""");
        await EndAsync("commands");

        var refused = await server.Client.PostAsync("/v1/jobs/commands/pause", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("JOB_PHASE", (await CosyServer.ErrorAsync(refused)).Code);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PostAsync("/v1/jobs/commands/retry", null)).StatusCode);
        await EndAsync("commands");

        var failed = await JsonAsync("/v1/jobs/commands/items?status=failed");
        var attempts = Assert.Single(failed.GetProperty("items").EnumerateArray()).GetProperty("attempts");
        Assert.Equal(["TEXT_EMPTY", "TEXT_EMPTY"], attempts.EnumerateArray().Select(attempt => attempt.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Delete_RemovesTheJob()
    {
        await PostAsync("?id=gone", """["One."]""");

        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.DeleteAsync("/v1/jobs/gone")).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/v1/jobs/gone")).StatusCode);
        Assert.DoesNotContain("\"gone\"", await server.Client.GetStringAsync("/v1/jobs"));
    }

    [Theory]
    [InlineData("GET", "/v1/jobs/none", 404, "JOB_UNKNOWN")]
    [InlineData("DELETE", "/v1/jobs/none", 404, "JOB_UNKNOWN")]
    [InlineData("GET", "/v1/jobs/none/items", 404, "JOB_UNKNOWN")]
    [InlineData("GET", "/v1/jobs/none/events", 404, "JOB_UNKNOWN")]
    [InlineData("GET", "/v1/jobs/none/download", 404, "JOB_UNKNOWN")]
    [InlineData("POST", "/v1/jobs/none/cancel", 404, "JOB_UNKNOWN")]
    [InlineData("GET", "/v1/jobs/..%2f..%2fetc/items/passwd", 404, "JOB_UNKNOWN")]
    [InlineData("GET", "/v1/jobs/none/items?limit=0", 400, "REQUEST_INVALID")]
    [InlineData("GET", "/v1/jobs/none/items?limit=1001", 400, "REQUEST_INVALID")]
    [InlineData("GET", "/v1/jobs/none/items?from=x", 400, "REQUEST_INVALID")]
    [InlineData("GET", "/v1/jobs/none/items?status=lost", 400, "REQUEST_INVALID")]
    public async Task Request_ForWhatIsNotThere_IsAnsweredInTheOneShape(string method, string path, int status, string code)
    {
        var response = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((status, code), ((int)response.StatusCode, (await CosyServer.ErrorAsync(response)).Code));
    }

    [Theory]
    [InlineData("", """["x"]""", "text/html", 415, "MEDIA_TYPE_UNSUPPORTED")]
    [InlineData("", "", "application/json", 400, "JOB_INVALID")]
    [InlineData("", """[{"text":"hi","voice":"zoe"}]""", "application/json", 400, "VOICE_UNKNOWN")]
    [InlineData("", """[{"text":"hi","name":"../../x.wav"}]""", "application/json", 400, "JOB_INVALID")]
    [InlineData("?id=..", """["x"]""", "application/json", 400, "JOB_INVALID")]
    [InlineData("?ids=a", """["x"]""", "application/json", 400, "REQUEST_INVALID")]
    [InlineData("?seed=x", """["x"]""", "application/json", 400, "REQUEST_INVALID")]
    [InlineData("?speed=NaN", """["x"]""", "application/json", 400, "JOB_INVALID")]
    public async Task Post_Hostile_IsAnsweredInTheOneShape(string query, string body, string type, int status, string code)
    {
        var response = await PostAsync(query, body, type);

        Assert.Equal((status, code), ((int)response.StatusCode, (await CosyServer.ErrorAsync(response)).Code));
    }

    [Fact]
    public async Task Output_UnknownName_SaysWhereToLook()
    {
        await PostAsync("?id=outputs", """["One."]""");
        await EndAsync("outputs");

        var response = await server.Client.GetAsync("/v1/jobs/outputs/items/..%2fjob.json");

        Assert.Equal("OUTPUT_UNKNOWN", (await CosyServer.ErrorAsync(response)).Code);
    }

    private Task<HttpResponseMessage> PostAsync(string query, string body, string type = "application/json") =>
        server.Client.PostAsync("/v1/jobs" + query, new StringContent(body, Encoding.UTF8, type));

    private async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await server.Client.GetStringAsync(path)).RootElement;

    // The events end with the job.
    private async Task<(string? Status, int Done)> EndAsync(string id)
    {
        await server.Client.GetStringAsync($"/v1/jobs/{id}/events").WaitAsync(Patience);
        var job = await JsonAsync($"/v1/jobs/{id}");
        return (job.GetProperty("status").GetString(), job.GetProperty("items").GetProperty("done").GetInt32());
    }
}
