using System.Net;
using System.Text;
using System.Text.Json;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;
using CosyVoice.Weights;

namespace CosyOrleans.Frontend.Tests.Catalogue;

public sealed class VoicesApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Fact]
    public async Task Import_SafetensorsFile_IsListedSpokenWithAndDeleted()
    {
        var voice = TestVoices.Plain("eva", 3);

        using var created = await ImportAsync(SpeakerTensors.Write(voice.Content), "anything.safetensors", ("id", "eva"), ("owner", "me"), ("model_kind", "tone"));

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var listed = await ListedAsync("eva");
        Assert.Equal(
            ("eva", "tone", "catalogue", 1, "me"),
            (listed.GetProperty("name").GetString(), listed.GetProperty("model").GetString(), listed.GetProperty("source").GetString(),
             listed.GetProperty("version").GetInt32(), listed.GetProperty("owner").GetString()));
        using var spoken = await server.PostAsync("/tts", new { text = "Hello there.", speaker_id = "eva", seed = 4 });
        Assert.Equal(
            CosyServer.Bytes(server.Model.Expected("Hello there.", "eva", 4, speaker: voice.Content)), (await spoken.Content.ReadAsByteArrayAsync())[^9600..]);
        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.DeleteAsync("/v1/audio/voices/eva")).StatusCode);
        using var gone = await server.Client.DeleteAsync("/v1/audio/voices/eva");
        Assert.Equal((HttpStatusCode.NotFound, "VOICE_UNKNOWN"), (gone.StatusCode, (await CosyServer.ErrorAsync(gone)).Code));
    }

    [Fact]
    public async Task Import_TheSameIdAgain_IsTheNextVersion()
    {
        (string Name, string Value)[] fields = [("id", "ida"), ("model_kind", "tone"), ("transcript", "What I said."), ("consent", "I agree.")];
        using var first = await ImportAsync(SpeakerTensors.Write(TestVoices.Plain("ida", 1).Content), "a.safetensors", fields[..2]);
        using var second = await ImportAsync(SpeakerTensors.Write(TestVoices.Plain("ida", 2).Content), "a.safetensors", fields);

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        using var found = JsonDocument.Parse(await server.Client.GetStringAsync("/v1/audio/voices/ida"));
        Assert.Equal(
            (2, "What I said.", "I agree."),
            (found.RootElement.GetProperty("version").GetInt32(), found.RootElement.GetProperty("transcript").GetString(),
             found.RootElement.GetProperty("consent").GetString()));
        Assert.False((await ListedAsync("ida")).TryGetProperty("consent", out _));
        using var spoken = await server.PostAsync("/tts", new { text = "Hello there.", speaker_id = "ida", seed = 4 });
        var sound = server.Model.Expected("Hello there.", "ida", 4, speaker: TestVoices.Plain("ida", 2).Content);
        Assert.Equal(CosyServer.Bytes(sound), (await spoken.Content.ReadAsByteArrayAsync())[^9600..]);
    }

    [Theory]
    [InlineData("ben", HttpStatusCode.OK)]
    [InlineData("nobody", HttpStatusCode.NotFound)]
    [InlineData("..%2Fx", HttpStatusCode.NotFound)]
    public async Task Get_Voice_IsFoundOrUnknown(string id, HttpStatusCode status)
    {
        using var response = await server.Client.GetAsync($"/v1/audio/voices/{id}");

        Assert.Equal(status, response.StatusCode);
        if (status is HttpStatusCode.NotFound)
        {
            Assert.Equal("VOICE_UNKNOWN", (await CosyServer.ErrorAsync(response)).Code);
        }
        else
        {
            Assert.Equal("""{"id":"ben","name":"ben","model":"tone","source":"model","modes":["sft","instruct"]}""", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Import_FileOfSeveral_OneIsChosenAndNoneSavedWhenOneIsRefused()
    {
        var file = SavedVoices.Of("new-1", "new-2", "amy");
        using var chosen = await ImportAsync(file, "spk2info.pt", ("voice", "amy"), ("id", "new-3"));
        using var several = await ImportAsync(file, "spk2info.pt", ("id", "x"));
        using var builtIn = await ImportAsync(file, "spk2info.pt");

        Assert.Equal(HttpStatusCode.Created, chosen.StatusCode);
        var error = await CosyServer.ErrorAsync(several);
        Assert.Equal("VOICE_INVALID", error.Code);
        Assert.Contains("3 voices, 'new-1', 'new-2', 'amy', and the id 'x' is for one", error.Message);
        Assert.Equal("VOICE_BUILT_IN", (await CosyServer.ErrorAsync(builtIn)).Code);
        using var first = await server.Client.GetAsync("/v1/audio/voices/new-1");
        Assert.Equal(HttpStatusCode.NotFound, first.StatusCode);
    }

    [Fact]
    public async Task Enrol_Recording_IsSavedShownAndSpokenWith()
    {
        using var created = await EnrolAsync(new byte[9], "rita.m4a", ("transcript", "Said."), ("consent", "I agree."), ("owner", "me"));

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        using var found = JsonDocument.Parse(await server.Client.GetStringAsync("/v1/audio/voices/rita"));
        var voice = found.RootElement;
        Assert.Equal(
            ("rita", "tone", 1, "Said.", "I agree."),
            (voice.GetProperty("name").GetString(), voice.GetProperty("model").GetString(), voice.GetProperty("version").GetInt32(),
             voice.GetProperty("transcript").GetString(), voice.GetProperty("consent").GetString()));
        Assert.Equal(
            """{"seconds":2.5,"sample_rate":44100,"channels":2,"peak_db":-3,"clipped_share":0,"snr_db":41.5,"leading_silence":0.25,"trailing_silence":0.5,"warnings":[{"message":"It is short.","solution":"Speak on."}],"syllables_per_second":4}""",
            voice.GetProperty("report").GetRawText());
        Assert.Equal(voice.GetRawText(), JsonDocument.Parse(await created.Content.ReadAsStringAsync()).RootElement.GetProperty("voices")[0].GetRawText());
        Assert.False((await ListedAsync("rita")).TryGetProperty("report", out _));
        using var spoken = await server.PostAsync("/tts", new { text = "Hello there.", speaker_id = "rita", seed = 4 });
        Assert.Equal(HttpStatusCode.OK, spoken.StatusCode);
    }

    [Fact]
    public async Task Enrol_WhatCannotBe_IsNamed()
    {
        using var silence = await EnrolAsync("silence"u8.ToArray(), "a.wav", ("id", "mute"));
        using var chosen = await EnrolAsync(new byte[9], "a.wav", ("id", "mute"), ("model_kind", "tone"));
        using var builtIn = await EnrolAsync(new byte[9], "amy.wav");

        var error = await CosyServer.ErrorAsync(silence);
        Assert.Equal((HttpStatusCode.BadRequest, "RECORDING_INVALID", "There is no speech. It is short."), (silence.StatusCode, error.Code, error.Message));
        Assert.Contains("'model_kind' is not for recordings", (await CosyServer.ErrorAsync(chosen)).Message);
        Assert.Equal("VOICE_BUILT_IN", (await CosyServer.ErrorAsync(builtIn)).Code);
        using var none = await server.Client.GetAsync("/v1/audio/voices/mute");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Import_UnknownFieldOrNoFile_IsNamed()
    {
        using var unknown = await ImportAsync(SpeakerTensors.Write(TestVoices.Plain("x").Content), "x.safetensors", ("speaker", "x"));
        using var none = await server.Client.PostAsync("/v1/audio/voices", new MultipartFormDataContent { { new StringContent("x"), "id" } });

        Assert.Contains("'speaker' is unknown", (await CosyServer.ErrorAsync(unknown)).Message);
        Assert.Contains("One file is expected", (await CosyServer.ErrorAsync(none)).Message);
    }

    [Theory]
    [InlineData("amy", "VOICE_BUILT_IN")]
    [InlineData("../x", "VOICE_INVALID")]
    public async Task Import_IdThatCannotBe_IsRefused(string id, string code)
    {
        using var response = await ImportAsync(SpeakerTensors.Write(TestVoices.Plain("x").Content), "x.safetensors", ("id", id));

        Assert.Equal((HttpStatusCode.BadRequest, code), (response.StatusCode, (await CosyServer.ErrorAsync(response)).Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("not a voice at all")]
    public async Task Import_FileWithoutVoices_IsNamed(string content)
    {
        using var response = await ImportAsync(Encoding.UTF8.GetBytes(content), "odd.pt");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await CosyServer.ErrorAsync(response);
        Assert.Equal("VOICE_INVALID", error.Code);
        Assert.Contains("'odd.pt'", error.Message);
    }

    [Fact]
    public async Task Import_TooLarge_Is413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/voices")
        {
            Content = new MultipartFormDataContent { { new ByteArrayContent(new byte[34 * 1024 * 1024]), "file", "large.pt" } },
        };
        request.Headers.ExpectContinue = true; // Otherwise the client may still be sending when it is refused.
        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("larger than 33554432 bytes", (await CosyServer.ErrorAsync(response)).Message);
    }

    [Fact]
    public async Task Import_NoForm_Is415()
    {
        using var response = await server.PostAsync("/v1/audio/voices", new { id = "x" });

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        await CosyServer.ErrorAsync(response);
    }

    [Fact]
    public async Task Get_VoicesOfTheCatalogue_SaysTheirModes()
    {
        var voice = TestVoices.Full("modest");
        await Import(ExportedVoice.Write(voice));
        Assert.Equal("""["sft","zero_shot","cross_lingual","instruct","vc"]""", (await FoundAsync("modest")).GetProperty("modes").GetRawText());
        await Import(ExportedVoice.Write(voice with { Content = voice.Content with { PromptText = [] } }));
        Assert.Equal("""["sft","cross_lingual","instruct","vc"]""", (await FoundAsync("modest")).GetProperty("modes").GetRawText());
        Assert.False((await ListedAsync("modest")).TryGetProperty("modes", out _));

        async Task Import(byte[] file) => (await ImportAsync(file, "x.safetensors")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Update_Words_AreThoseOfTheNextVersion()
    {
        using var created = await EnrolAsync(new byte[9], "ursa.wav", ("transcript", "Said."), ("consent", "I agree."), ("owner", "me"));

        using var answer = await server.Client.PatchAsJsonAsync("/v1/audio/voices/ursa", new { name = "Ursa 小明", owner = "", consent = "Still." });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var voice = await FoundAsync("ursa");
        Assert.Equal(voice.GetRawText(), await answer.Content.ReadAsStringAsync());
        Assert.Equal(
            ("Ursa 小明", "Still.", "Said.", 2),
            (voice.GetProperty("name").GetString(), voice.GetProperty("consent").GetString(), voice.GetProperty("transcript").GetString(), voice.GetProperty("version").GetInt32()));
        Assert.False(voice.TryGetProperty("owner", out _));
        Assert.True(voice.TryGetProperty("report", out _));
    }

    [Fact]
    public async Task Update_Id_IsSpokenWithUnderTheNewOne()
    {
        var voice = TestVoices.Plain("old", 5);
        using var created = await ImportAsync(SpeakerTensors.Write(voice.Content), "old.safetensors", ("model_kind", "tone"));

        using var answer = await server.Client.PatchAsJsonAsync("/v1/audio/voices/old", new { id = "young" });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var gone = await server.Client.GetAsync("/v1/audio/voices/old");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var spoken = await server.PostAsync("/tts", new { text = "Hello there.", speaker_id = "young", seed = 4 });
        Assert.Equal(
            CosyServer.Bytes(server.Model.Expected("Hello there.", "young", 4, speaker: voice.Content)), (await spoken.Content.ReadAsByteArrayAsync())[^9600..]);
    }

    [Theory]
    [InlineData("nobody", """{"name":"a"}""", HttpStatusCode.NotFound, "VOICE_UNKNOWN")]
    [InlineData("..%2Fx", """{"name":"a"}""", HttpStatusCode.NotFound, "VOICE_UNKNOWN")]
    [InlineData("amy", """{"name":"a"}""", HttpStatusCode.BadRequest, "VOICE_BUILT_IN")]
    [InlineData("nobody", """{"id":"amy"}""", HttpStatusCode.BadRequest, "VOICE_BUILT_IN")]
    [InlineData("nobody", """{"id":"a/b"}""", HttpStatusCode.BadRequest, "VOICE_INVALID")]
    [InlineData("nobody", "{}", HttpStatusCode.BadRequest, "VOICE_INVALID")]
    [InlineData("nobody", """{"name":7}""", HttpStatusCode.BadRequest, "REQUEST_INVALID")]
    [InlineData("nobody", """{"transcript":"x"}""", HttpStatusCode.BadRequest, "REQUEST_INVALID")]
    [InlineData("nobody", "{", HttpStatusCode.BadRequest, "REQUEST_INVALID")]
    public async Task Update_WhatCannotBe_IsNamed(string id, string body, HttpStatusCode status, string code)
    {
        using var response = await server.Client.PatchAsync($"/v1/audio/voices/{id}", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal((status, code), (response.StatusCode, (await CosyServer.ErrorAsync(response)).Code));
    }

    [Fact]
    public async Task Update_IdOfAnother_IsRefused()
    {
        using var one = await EnrolAsync(new byte[9], "one.wav");
        using var two = await EnrolAsync(new byte[9], "two.wav");

        using var response = await server.Client.PatchAsJsonAsync("/v1/audio/voices/one", new { id = "two" });

        Assert.Equal((HttpStatusCode.BadRequest, "VOICE_EXISTS"), (response.StatusCode, (await CosyServer.ErrorAsync(response)).Code));
    }

    [Fact]
    public async Task Export_Voice_ImportedAgainIsTheSame()
    {
        using var created = await EnrolAsync(new byte[9], "exa.wav", ("transcript", "Said."), ("consent", "I agree."), ("owner", "me"), ("name", "Exa"));
        var before = await FoundAsync("exa");

        using var answer = await server.Client.GetAsync("/v1/audio/voices/exa/file");
        var file = await answer.Content.ReadAsByteArrayAsync();
        await server.Client.DeleteAsync("/v1/audio/voices/exa");
        using var imported = await ImportAsync(file, "whatever.safetensors");

        Assert.Equal(("application/octet-stream", "exa.safetensors"), (answer.Content.Headers.ContentType?.ToString(), answer.Content.Headers.ContentDisposition?.FileName));
        var after = await FoundAsync("exa");
        foreach (var name in new[] { "id", "name", "owner", "transcript", "consent", "model", "modes", "report" })
        {
            Assert.Equal(before.GetProperty(name).GetRawText(), after.GetProperty(name).GetRawText());
        }

        var (saved, read) = (SpeakerTensors.Read("exa", file), SpeakerTensors.Read("exa", await server.Client.GetByteArrayAsync("/v1/audio/voices/exa/file")));
        Assert.Equal(SpeakerTensors.Write(saved), SpeakerTensors.Write(read));
    }

    [Theory]
    [InlineData("amy", HttpStatusCode.OK)]
    [InlineData("nobody", HttpStatusCode.NotFound)]
    [InlineData("..%2Fx", HttpStatusCode.NotFound)]
    public async Task Export_OfTheModelOrUnknown_ComesOrIsNot(string id, HttpStatusCode status)
    {
        using var response = await server.Client.GetAsync($"/v1/audio/voices/{id}/file");

        Assert.Equal(status, response.StatusCode);
        if (status is HttpStatusCode.NotFound)
        {
            Assert.Equal("VOICE_UNKNOWN", (await CosyServer.ErrorAsync(response)).Code);
        }
    }

    [Fact]
    public async Task Enrolment_ModelThatCan_SaysSoAndTheLimits() => Assert.Equal(
        """{"available":true,"min_seconds":1,"max_seconds":30}""", await server.Client.GetStringAsync("/v1/audio/enrolment"));

    [Fact]
    public async Task Delete_VoiceOfTheModel_IsRefused()
    {
        using var response = await server.Client.DeleteAsync("/v1/audio/voices/amy");

        Assert.Equal((HttpStatusCode.BadRequest, "VOICE_BUILT_IN"), (response.StatusCode, (await CosyServer.ErrorAsync(response)).Code));
    }

    private Task<HttpResponseMessage> ImportAsync(byte[] file, string name, params (string Name, string Value)[] fields) => PostAsync("file", file, name, fields);

    private Task<HttpResponseMessage> EnrolAsync(byte[] file, string name, params (string Name, string Value)[] fields) => PostAsync("recording", file, name, fields);

    private async Task<HttpResponseMessage> PostAsync(string kind, byte[] file, string name, (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(file), kind, name } };
        foreach (var (field, value) in fields)
        {
            form.Add(new StringContent(value), field);
        }

        return await server.Client.PostAsync("/v1/audio/voices", form);
    }

    private async Task<JsonElement> FoundAsync(string id)
    {
        using var body = JsonDocument.Parse(await server.Client.GetStringAsync($"/v1/audio/voices/{id}"));
        return body.RootElement.Clone();
    }

    private async Task<JsonElement> ListedAsync(string id)
    {
        using var body = JsonDocument.Parse(await server.Client.GetStringAsync("/v1/audio/voices"));
        return body.RootElement.GetProperty("voices").EnumerateArray().Single(voice => voice.GetProperty("id").GetString() == id).Clone();
    }
}
