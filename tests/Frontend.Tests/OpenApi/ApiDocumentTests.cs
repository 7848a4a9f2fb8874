using System.Text.Json;

namespace CosyOrleans.Frontend.Tests.OpenApi;

public sealed class ApiDocumentTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Fact]
    public async Task Get_DescribesEveryRoute()
    {
        var paths = (await DocumentAsync()).GetProperty("paths");

        Assert.Equal(
            ["/healthz", "/metrics", "/readyz", "/tts", "/tts/timestamps", "/v1/audio/enrolment", "/v1/audio/speech", "/v1/audio/voices",
             "/v1/audio/voices/{id}", "/v1/audio/voices/{id}/file", "/v1/feedback", "/v1/jobs", "/v1/jobs/{id}", "/v1/jobs/{id}/assembly",
             "/v1/jobs/{id}/assembly/srt", "/v1/jobs/{id}/assembly/vtt", "/v1/jobs/{id}/cancel", "/v1/jobs/{id}/download", "/v1/jobs/{id}/events",
             "/v1/jobs/{id}/items", "/v1/jobs/{id}/items/{name}", "/v1/jobs/{id}/manifest", "/v1/jobs/{id}/pause", "/v1/jobs/{id}/resume",
             "/v1/jobs/{id}/retry", "/v1/models", "/v1/nodes", "/v1/nodes/{name}/drain", "/v1/nodes/{name}/resume"],
            paths.EnumerateObject().Select(path => path.Name).Order());
    }

    [Fact]
    public async Task Get_Tts_DescribesBodyHeadersAndErrors()
    {
        var operation = (await DocumentAsync()).GetProperty("paths").GetProperty("/tts").GetProperty("post");

        var body = operation.GetProperty("requestBody").GetProperty("content");
        Assert.Equal(
            ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
            body.EnumerateObject().Select(type => type.Name).Order());
        var schema = body.GetProperty("application/json").GetProperty("schema");
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.False(schema.TryGetProperty("required", out _)); // Mode vc takes no text.
        Assert.Contains("sichuan", schema.GetProperty("properties").GetProperty("dialect").GetProperty("enum").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(0.5, schema.GetProperty("properties").GetProperty("speed").GetProperty("minimum").GetDouble());
        var responses = operation.GetProperty("responses");
        var sound = responses.GetProperty("200");
        Assert.Equal(["audio/aac", "audio/basic", "audio/flac", "audio/mpeg", "audio/ogg; codecs=opus", "audio/pcm", "audio/wav", "audio/x-alaw-basic"], sound.GetProperty("content").EnumerateObject().Select(type => type.Name).Order());
        Assert.Contains("X-Seed", sound.GetProperty("headers").EnumerateObject().Select(header => header.Name));
        Assert.True(responses.GetProperty("429").GetProperty("headers").TryGetProperty("Retry-After", out _));
        foreach (var status in new[] { "400", "413", "415", "429", "500", "503" })
        {
            var content = responses.GetProperty(status).GetProperty("content").GetProperty("application/json");
            Assert.Equal("#/components/schemas/ErrorBody", content.GetProperty("schema").GetProperty("$ref").GetString());
        }
    }

    [Fact]
    public async Task Get_Voices_DescribesTheFormAndErrors()
    {
        var paths = (await DocumentAsync()).GetProperty("paths");
        var import = paths.GetProperty("/v1/audio/voices").GetProperty("post");

        var schema = import.GetProperty("requestBody").GetProperty("content").GetProperty("multipart/form-data").GetProperty("schema");
        Assert.Equal(["file", "recording"], schema.GetProperty("oneOf").EnumerateArray().Select(one => one.GetProperty("required")[0].GetString()));
        Assert.Equal(
            ["consent", "file", "id", "model_kind", "name", "owner", "recording", "transcript", "voice"],
            schema.GetProperty("properties").EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal("binary", schema.GetProperty("properties").GetProperty("file").GetProperty("format").GetString());
        Assert.Equal(
            ["200", "201", "400", "413", "415", "500", "503"], import.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order());
        var voice = paths.GetProperty("/v1/audio/voices/{id}");
        Assert.Equal(["delete", "get", "patch"], voice.EnumerateObject().Select(operation => operation.Name).Order());
        var change = voice.GetProperty("patch").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal(["consent", "id", "name", "owner"], change.GetProperty("properties").EnumerateObject().Select(field => field.Name).Order());
        Assert.True(voice.GetProperty("delete").GetProperty("responses").TryGetProperty("204", out _));
    }

    [Fact]
    public async Task Get_ErrorBody_HasItsThreeFields()
    {
        var error = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty("ErrorBody");

        Assert.Equal(["error", "message", "solution"], error.GetProperty("properties").EnumerateObject().Select(field => field.Name).Order());
    }

    private async Task<JsonElement> DocumentAsync() =>
        JsonDocument.Parse(await server.Client.GetStringAsync("/openapi/v1.json")).RootElement;
}
