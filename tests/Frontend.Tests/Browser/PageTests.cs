using System.Globalization;
using CosyOrleans.Frontend.Tests.DefaultVoice;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Tests.Formats;

namespace CosyOrleans.Frontend.Tests.Browser;

/// <summary>The page in a real browser, with the voice that the repository ships.</summary>
[Collection(nameof(DefaultVoiceCollection))]
public sealed class PageTests(DefaultVoiceServer server) : IAsyncLifetime
{
    private Chromium _page = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.Executable is null)
        {
            return;
        }

        _page = await Chromium.StartAsync();
        await _page.OpenAsync(server.Client.BaseAddress!);
        await _page.WaitForAsync("!document.getElementById('speak').disabled");
    }

    public async Task DisposeAsync()
    {
        if (_page is not null)
        {
            await _page.DisposeAsync();
        }
    }

    [BrowserFact]
    public async Task Speak_PlaysToTheEnd_AndTheWavIsWhatTheServerSends()
    {
        await _page.EvaluateAsync("document.getElementById('text').value = 'Hello there.'; document.getElementById('seed').value = '5'; "
            + "document.getElementById('voice').value = 'eve'");
        await _page.EvaluateAsync("URL.createObjectURL = blob => { window.saved = blob; return 'blob:none'; }; void 0");

        await _page.ClickAsync("speak");
        await _page.WaitForAsync("document.getElementById('status').textContent === 'Done'");

        Assert.EndsWith(" ms", await _page.TextAsync("first-sound"));
        Assert.Equal("5", await _page.TextAsync("used-seed"));
        Assert.True(double.Parse(await _page.TextAsync("factor"), CultureInfo.InvariantCulture) > 0);
        var direct = await server.PostAsync("/tts", new { text = "Hello there.", seed = 5, speaker_id = "eve" });
        var expected = await direct.Content.ReadAsByteArrayAsync();
        Assert.Equal($"{expected.Length / 48000.0:F2} s", await _page.TextAsync("generated"));
        await _page.ClickAsync("download");
        var saved = (string)(await _page.EvaluateAsync(
            "window.saved.arrayBuffer().then(b => btoa(String.fromCharCode(...new Uint8Array(b).slice(0, 84))) + ' ' + b.byteLength)"))!;
        var header = Convert.FromBase64String(saved.Split(' ')[0]);
        Assert.Equal(WavHeader.Of(24000, expected.Length / 2), header);
        Assert.Equal($"{expected.Length + WavHeader.Length}", saved.Split(' ')[1]);
        Assert.Empty(_page.Errors);
    }

    [BrowserTheory]
    [InlineData("wav")]
    [InlineData("flac")]
    [InlineData("mp3")]
    [InlineData("opus")]
    [InlineData("aac")]
    public async Task StreamedFormat_IsReadByTheBrowserToItsEnd(string format)
    {
        if (format != "wav" && Ffprobe.WhyNot is not null)
        {
            return;
        }

        var direct = await server.PostAsync("/tts", new { text = "Hello there.", seed = 5, speaker_id = "eve" });
        var seconds = (await direct.Content.ReadAsByteArrayAsync()).Length / 48000.0;
        var heard = (double)(await _page.EvaluateAsync(
            $$"""
            fetch('tts', { method: 'POST', headers: { 'Content-Type': 'application/json' },
                body: JSON.stringify({ text: 'Hello there.', seed: 5, speaker_id: 'eve', format: '{{format}}' }) })
              .then(answer => answer.arrayBuffer()).then(sound => new OfflineAudioContext(1, 1, 24000).decodeAudioData(sound)).then(sound => sound.duration)
            """))!;

        Assert.InRange(heard, seconds - 0.001, seconds + 0.15);
    }

    [BrowserFact]
    public async Task Stop_EndsAtOnce_AndSpeakWorksAgain()
    {
        await _page.EvaluateAsync("document.getElementById('text').value = 'This is a long text. '.repeat(40)");
        await _page.ClickAsync("speak");
        await _page.WaitForAsync("parseFloat(document.getElementById('generated').textContent) > 0");

        await _page.ClickAsync("stop");

        Assert.Equal("Stopped", await _page.TextAsync("status"));
        Assert.True((bool)(await _page.EvaluateAsync("document.getElementById('stop').disabled"))!);
        await _page.EvaluateAsync("document.getElementById('text').value = 'Yes.'");
        await _page.ClickAsync("speak");
        await _page.WaitForAsync("document.getElementById('status').textContent === 'Done'");
        Assert.Empty(_page.Errors);
    }

    [BrowserFact]
    public async Task Error_IsShownWithItsSolution_AndGoesAway()
    {
        await _page.EvaluateAsync("document.getElementById('text').value = '   '");
        await _page.ClickAsync("speak");
        await _page.WaitForAsync("!document.getElementById('error').hidden");

        Assert.Contains("nothing in the text", await _page.TextAsync("error-message"));
        Assert.NotEmpty(await _page.TextAsync("error-solution"));
        await _page.EvaluateAsync("document.getElementById('text').value = 'Yes.'");
        await _page.ClickAsync("speak");
        await _page.WaitForAsync("document.getElementById('error').hidden");
    }

    [BrowserFact]
    public async Task Enrolment_ModelThatCannot_IsSaidBeforeAnybodyRecords()
    {
        await _page.WaitForAsync("!document.getElementById('no-enrolment').hidden");

        Assert.Contains("cannot make voices from recordings", await _page.TextAsync("no-enrolment-message"));
        Assert.Contains("campplus.onnx", await _page.TextAsync("no-enrolment-solution"));
        Assert.True((bool)(await _page.EvaluateAsync("document.getElementById('enrol').hidden"))!);
        Assert.Empty(_page.Errors);
    }

    [BrowserFact]
    public async Task NoWorklet_PlaysWithScheduledBuffers()
    {
        await _page.EvaluateAsync("Object.defineProperty(AudioContext.prototype, 'audioWorklet', { get: () => undefined }); void 0");
        await _page.EvaluateAsync("document.getElementById('text').value = 'Hello there.'");

        await _page.ClickAsync("speak");
        await _page.WaitForAsync("document.getElementById('status').textContent === 'Done'");

        Assert.EndsWith(" ms", await _page.TextAsync("first-sound"));
        Assert.Empty(_page.Errors);
    }
}
