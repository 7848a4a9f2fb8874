using System.Text.Json;
using System.Text.Json.Nodes;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Tests.Browser;

/// <summary>Voices on the page, in a real browser whose microphone hears a recording.</summary>
public sealed class VoicePageTests(EnrollingServer server) : IClassFixture<EnrollingServer>, IAsyncLifetime
{
    private Chromium _page = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.Executable is null)
        {
            return;
        }

        _page = await Chromium.StartAsync(
            "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", $"--use-file-for-fake-audio-capture={EnrollingServer.Recording}");
        await _page.OpenAsync(server.Client.BaseAddress!);
        await _page.WaitForAsync("!document.getElementById('speak').disabled && !document.getElementById('enrol').hidden");
    }

    public async Task DisposeAsync()
    {
        if (_page is not null)
        {
            await _page.DisposeAsync();
        }
    }

    [BrowserFact]
    public async Task Record_FromTheMicrophone_BecomesAVoiceThatSpeaks()
    {
        await _page.ClickAsync("record");
        await _page.WaitForAsync("document.getElementById('level').value > 0.05 && parseFloat(document.getElementById('length').value) >= 2");
        await _page.ClickAsync("record-stop");
        await FillAsync(("transcript", "The river runs past the old mill."), ("new-id", "heard"), ("new-name", "Heard 小明"), ("consent", "I said yes."));
        Assert.True((bool)(await _page.EvaluateAsync("document.getElementById('enrol-send').disabled"))!, "without consent there is no voice");
        await _page.ClickAsync("agreed");
        await _page.ClickAsync("enrol-send");
        await _page.WaitForAsync("!document.getElementById('report').hidden");

        Assert.Equal("Heard 小明 is there, version 1.", await _page.TextAsync("report-title"));
        Assert.Contains("dB", await _page.TextAsync("report-figures"));
        var voice = await FoundAsync("heard");
        Assert.Equal(("Heard 小明", "I said yes."), (voice.GetProperty("name").GetString(), voice.GetProperty("consent").GetString()));
        Assert.Equal("The river runs past the old mill.", voice.GetProperty("transcript").GetString());
        Assert.InRange(voice.GetProperty("report").GetProperty("seconds").GetDouble(), 1.9, 10);
        Assert.InRange(voice.GetProperty("report").GetProperty("peak_db").GetDouble(), -30, 0.1);
        await _page.WaitForAsync("document.getElementById('voice').value === 'heard' && document.getElementById('mode').options.length === 5");
        await ChooseAsync("mode", "zero_shot");
        await FillAsync(("text", "Yes."));
        await _page.ClickAsync("speak");
        await _page.WaitForAsync("document.getElementById('status').textContent === 'Done'");
        Assert.Empty(_page.Errors);
    }

    [BrowserFact]
    public async Task Upload_Recording_IsSentAsItIsAndErrorsAreTheServers()
    {
        await UploadAsync("recording", EnrollingServer.Recording, "mill.wav");
        await _page.WaitForAsync("document.getElementById('length').value.startsWith('1.4 s of 1 to 30 s')");
        await FillAsync(("new-id", "sft_spk"));
        await _page.ClickAsync("agreed");
        await _page.ClickAsync("enrol-send");
        await _page.WaitForAsync("!document.getElementById('enrol-error').hidden");
        Assert.Contains("'sft_spk' came with the model", await _page.TextAsync("enrol-error-message"));
        Assert.Equal("Give another id.", await _page.TextAsync("enrol-error-solution"));

        await FillAsync(("new-id", "mill"));
        await _page.ClickAsync("enrol-send");
        await _page.WaitForAsync("!document.getElementById('report').hidden");

        Assert.Contains("lasts only 1.37 seconds", await _page.TextAsync("report-warnings"));
        var voice = await FoundAsync("mill");
        Assert.Equal((24000, 1.37), (voice.GetProperty("report").GetProperty("sample_rate").GetInt32(), voice.GetProperty("report").GetProperty("seconds").GetDouble()));
        Assert.True((bool)(await _page.EvaluateAsync("document.getElementById('enrol-error').hidden"))!);
        await _page.WaitForAsync("[...document.getElementById('mode').options].map(o => o.value).join() === 'sft,cross_lingual,instruct,vc'");
        Assert.Empty(_page.Errors);
    }

    [BrowserFact]
    public async Task Voices_OfTheCatalogue_AreChangedExportedAndDeleted()
    {
        await ImportAsync(TestVoices.Full("list-1") with { Name = "<b>One</b>" });
        await _page.OpenAsync(server.Client.BaseAddress!);
        await _page.WaitForAsync("document.querySelector('[data-id=list-1]')");
        Assert.Equal("<b>One</b>", await RowAsync("list-1", ".name"));

        await _page.EvaluateAsync("document.querySelector('[data-id=list-1] .change').click()");
        await _page.WaitForAsync("document.getElementById('edit').open");
        Assert.Equal("I agree.", (string)(await _page.EvaluateAsync("document.getElementById('edit-consent').value"))!);
        await FillAsync(("edit-id", "sft_spk"));
        await _page.ClickAsync("edit-save");
        await _page.WaitForAsync("!document.getElementById('edit-error').hidden");
        await FillAsync(("edit-id", "list-2"), ("edit-name", "Two"), ("edit-owner", ""));
        await _page.ClickAsync("edit-save");
        await _page.WaitForAsync("document.querySelector('[data-id=list-2]') && !document.querySelector('[data-id=list-1]')");

        Assert.Equal("Two", await RowAsync("list-2", ".name"));
        Assert.Equal("list-2 · version 1 · tone", await RowAsync("list-2", ".details"));
        var voice = await FoundAsync("list-2");
        Assert.Equal("I agree.", voice.GetProperty("consent").GetString());
        Assert.False(voice.TryGetProperty("owner", out _));
        Assert.Equal(
            "list-2.safetensors true",
            (string)(await _page.EvaluateAsync(
                "(async () => { const a = document.querySelector('[data-id=list-2] .export'); return a.download + ' ' + (await fetch(a.href)).ok; })()"))!);
        await _page.EvaluateAsync("document.querySelector('[data-id=list-2] .delete').click()");
        Assert.Equal("Delete for ever?", await RowAsync("list-2", ".delete"));
        await FoundAsync("list-2");
        await _page.EvaluateAsync("document.querySelector('[data-id=list-2] .delete').click()");
        await _page.WaitForAsync("!document.querySelector('[data-id=list-2]')");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await server.Client.GetAsync("/v1/audio/voices/list-2")).StatusCode);
        Assert.Empty(_page.Errors);
    }

    [BrowserFact]
    public async Task Import_ExportedFile_IsListed()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, ExportedVoice.Write(TestVoices.Full("brought")));

        await UploadAsync("import", path, "x.safetensors");
        await _page.WaitForAsync("document.querySelector('[data-id=brought]')");
        await File.WriteAllTextAsync(path, "no voice");
        await UploadAsync("import", path, "y.safetensors");
        await _page.WaitForAsync("!document.getElementById('voices-error').hidden");

        Assert.Contains("'y.safetensors'", await _page.TextAsync("voices-error-message"));
        File.Delete(path);
    }

    [BrowserFact]
    public async Task Modes_OfTheChosenVoice_AskForWhatTheyNeed()
    {
        await ChooseAsync("voice", "sft_spk");
        await _page.WaitForAsync("[...document.getElementById('mode').options].map(o => o.value).join() === 'sft,instruct'");
        await _page.EvaluateAsync("window.sent = []; const real = window.fetch; window.fetch = (to, options) => { if (to === 'tts') sent.push(options.body); return real(to, options); }; void 0");
        await ChooseAsync("mode", "instruct");
        Assert.Contains("sichuan", await _page.TextAsync("dialect"));
        await FillAsync(("text", "Yes."), ("instruction", " 小声一点 "));
        await ChooseAsync("emotion", "happy");
        await ChooseAsync("dialect", "sichuan");
        await _page.ClickAsync("speak");
        await _page.WaitForAsync("document.getElementById('status').textContent === 'Done'");

        var sent = JsonNode.Parse((string)(await _page.EvaluateAsync("sent[0]"))!)!;
        Assert.Equal(
            ("instruct", "Yes.", "happy", "sichuan", "小声一点"),
            ((string)sent["mode"]!, (string)sent["text"]!, (string)sent["emotion"]!, (string)sent["dialect"]!, (string)sent["instruction"]!));
        await ImportAsync(await ExportedAsync("my_zero_shot_spk", "copy"));
        await _page.OpenAsync(server.Client.BaseAddress!);
        await _page.WaitForAsync("[...document.getElementById('voice').options].some(o => o.value === 'copy')");
        await ChooseAsync("voice", "copy");
        await _page.WaitForAsync("[...document.getElementById('mode').options].some(o => o.value === 'vc')");
        await ChooseAsync("mode", "vc");
        Assert.True((bool)(await _page.EvaluateAsync("document.getElementById('said').hidden && !document.getElementById('repeated').hidden"))!);
        await UploadAsync("source", EnrollingServer.Recording, "said.wav");
        await _page.ClickAsync("speak");
        await _page.WaitForAsync("document.getElementById('status').textContent === 'Done'");
        Assert.Empty(_page.Errors);
    }

    private async Task FillAsync(params (string Id, string Value)[] fields)
    {
        foreach (var (id, value) in fields)
        {
            await _page.EvaluateAsync($"document.getElementById('{id}').value = {JsonSerializer.Serialize(value)}; void 0");
        }
    }

    private Task<JsonNode?> ChooseAsync(string id, string value) => _page.EvaluateAsync(
        $"(() => {{ const s = document.getElementById('{id}'); s.value = '{value}'; s.dispatchEvent(new Event('change')); }})()");

    private async Task UploadAsync(string id, string path, string name) => await _page.EvaluateAsync(
        $$"""
        (() => {
          const bytes = Uint8Array.from(atob('{{Convert.ToBase64String(await File.ReadAllBytesAsync(path))}}'), c => c.charCodeAt(0));
          const files = new DataTransfer();
          files.items.add(new File([bytes], '{{name}}'));
          document.getElementById('{{id}}').files = files.files;
          document.getElementById('{{id}}').dispatchEvent(new Event('change'));
        })()
        """);

    private async Task<string> RowAsync(string id, string part) => (string)(await _page.EvaluateAsync($"document.querySelector('[data-id={id}] {part}').textContent"))!;

    private async Task<VoiceProfile> ExportedAsync(string id, string as_) => VoiceFile.Read(
        "x.safetensors", await server.Client.GetByteArrayAsync($"/v1/audio/voices/{id}/file"), new VoiceChoice(Id: as_), TestVoices.Undescribed)[0];

    private async Task ImportAsync(VoiceProfile voice)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(ExportedVoice.Write(voice)), "file", "x.safetensors" } };
        (await server.Client.PostAsync("/v1/audio/voices", form)).EnsureSuccessStatusCode();
    }

    private async Task<JsonElement> FoundAsync(string id)
    {
        using var body = JsonDocument.Parse(await server.Client.GetStringAsync($"/v1/audio/voices/{id}"));
        return body.RootElement.Clone();
    }
}
