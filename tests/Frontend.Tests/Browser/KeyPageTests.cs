using CosyOrleans.Frontend.Tests.Access;

namespace CosyOrleans.Frontend.Tests.Browser;

/// <summary>The page of a server that asks for a key, in a real browser.</summary>
public sealed class KeyPageTests : IAsyncLifetime
{
    private readonly KeyedServer _server = new();
    private Chromium? _page;

    public async Task InitializeAsync()
    {
        if (Chromium.Executable is null)
        {
            return;
        }

        await _server.NewKeyAsync("first");
        await _server.InitializeAsync();
        _page = await Chromium.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_page is not null)
        {
            await _page.DisposeAsync();
            await ((IAsyncLifetime)_server).DisposeAsync();
        }
    }

    [BrowserFact]
    public async Task Speak_WithoutAKeyIsRefusedAndSaid_WithOneItSpeaks()
    {
        var key = await _server.NewKeyAsync("acme");
        _server.Time.Advance(TimeSpan.FromSeconds(1));

        await _page!.OpenAsync(_server.Client.BaseAddress!);
        await _page.WaitForAsync("!document.getElementById('key-field').hidden"); // The list of voices was refused already.
        Assert.Equal(401, (int)(await _page.EvaluateAsync("fetch('v1/audio/voices').then(answer => answer.status)"))!);
        Assert.Contains("asks for a key", await _page.TextAsync("status"), StringComparison.Ordinal);
        Assert.True((bool)(await _page.EvaluateAsync("document.getElementById('speak').disabled"))!);

        await EnterAsync("cosy_wrong");
        await _page.WaitForAsync("document.getElementById('status').textContent.includes('not valid')");

        await EnterAsync(key);
        await _page.WaitForAsync("!document.getElementById('speak').disabled");
        await _page.EvaluateAsync("document.getElementById('text').value = 'Hello there.'; void 0");
        await _page.ClickAsync("speak");
        await _page.WaitForAsync("document.getElementById('status').textContent === 'Done'");
        Assert.Equal("0.20 s", await _page.TextAsync("generated")); // Two words of this model.
        Assert.False((bool)(await _page.EvaluateAsync("location.href.includes('cosy') || document.documentElement.outerHTML.includes(sessionStorage.getItem('cosy-key'))"))!);
    }

    private Task EnterAsync(string key) => _page!.EvaluateAsync(
        $"document.getElementById('key').value = '{key}'; document.getElementById('key').dispatchEvent(new Event('change')); void 0");
}
