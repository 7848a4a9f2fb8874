using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CosyOrleans.Frontend.Tests.Browser;

/// <summary>A headless Chromium with one page, driven over the DevTools protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // As root, and where nothing outside can be reached, the browser must neither sandbox nor call home.
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0", "about:blank",
    ];

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("cosy-browser-");
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<int, TaskCompletionSource<JsonNode>> _calls = [];
    private readonly Lock _gate = new();
    private readonly Process _process;
    private string? _session;
    private Task _reading = Task.CompletedTask;
    private int _lastId;

    private Chromium(string executable, string[] more) =>
        _process = Process.Start(new ProcessStartInfo(executable, [.. Arguments, .. more, $"--user-data-dir={_profile.FullName}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>Where the browser is, or null when there is none on this machine.</summary>
    public static string? Executable { get; } =
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
         from name in new[] { "chromium", "chromium-browser", "google-chrome", "chrome" }
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();

    /// <summary>What the page wrote to the console as errors, and exceptions nobody caught.</summary>
    public List<string> Errors { get; } = [];

    /// <param name="more">Arguments of the command.</param>
    public static async Task<Chromium> StartAsync(params string[] more)
    {
        var browser = new Chromium(Executable!, more);
        await browser.ConnectAsync();
        return browser;
    }

    /// <summary>Opens an address and waits until it is loaded.</summary>
    public async Task OpenAsync(Uri address)
    {
        await CallAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() });
        await WaitForAsync("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /// <summary>The value of an expression in the page; a promise is awaited.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await CallAsync(
            "Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        return answer["exceptionDetails"] is { } failure
            ? throw new InvalidOperationException($"{expression}: {failure.ToJsonString()}")
            : answer["result"]!["value"];
    }

    public async Task<string> TextAsync(string id) => (string)(await EvaluateAsync($"document.getElementById('{id}').textContent"))!;

    /// <summary>Completes when an expression has become true; looked at whenever the page draws.</summary>
    public Task WaitForAsync(string condition) => EvaluateAsync(
        $$"""new Promise(done => { const look = () => ({{condition}}) ? done() : setTimeout(look, 16); look(); })""");

    /// <summary>Clicks as a person does, so that the page may make sound.</summary>
    public async Task ClickAsync(string id)
    {
        var at = (await EvaluateAsync(
            $$"""
            (() => {
              document.getElementById('{{id}}').scrollIntoView({ block: 'center', behavior: 'instant' });
              const box = document.getElementById('{{id}}').getBoundingClientRect();
              return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
            })()
            """))!;
        foreach (var type in new[] { "mousePressed", "mouseReleased" })
        {
            await CallAsync("Input.dispatchMouseEvent", new JsonObject
            {
                ["type"] = type,
                ["x"] = (double)at["x"]!,
                ["y"] = (double)at["y"]!,
                ["button"] = "left",
                ["clickCount"] = 1,
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _socket.Dispose();
        _process.Dispose();
        _closing.Dispose();
        _profile.Delete(recursive: true);
    }

    private async Task ConnectAsync()
    {
        var address = await AddressAsync().WaitAsync(Patience);
        await _socket.ConnectAsync(address, CancellationToken.None);
        _reading = ReadAsync();
        var target = await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var session = await CallAsync(
            "Target.attachToTarget", new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true });
        _session = (string)session["sessionId"]!;
        await CallAsync("Page.enable", []);
        await CallAsync("Runtime.enable", []);
    }

    // The browser writes where it can be driven, and later much else that has to be read lest it waits.
    private Task<Uri> AddressAsync()
    {
        const string Announcement = "DevTools listening on ";
        var found = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                found.TrySetException(new InvalidOperationException("The browser ended before it could be driven."));
            }
            else if (line.Data.StartsWith(Announcement, StringComparison.Ordinal))
            {
                found.TrySetResult(new Uri(line.Data[Announcement.Length..]));
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        return found.Task;
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        var answered = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        int id;
        lock (_gate)
        {
            id = ++_lastId;
            _calls.Add(id, answered);
        }

        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null)
        {
            call["sessionId"] = _session;
        }

        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, endOfMessage: true, _closing.Token);
        var answer = await answered.Task.WaitAsync(Patience);
        return answer["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : answer["result"]!;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                Handle(await ReceiveAsync());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            lock (_gate)
            {
                foreach (var call in _calls.Values)
                {
                    call.TrySetCanceled();
                }
            }
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _closing.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(message.ToArray()) ?? new JsonObject();
    }

    private void Handle(JsonNode message)
    {
        lock (_gate)
        {
            if (message["id"] is { } id && _calls.Remove((int)id, out var call))
            {
                call.TrySetResult(message);
            }
            else if ((string?)message["method"] == "Runtime.exceptionThrown" || IsConsoleError(message))
            {
                Errors.Add(message["params"]!.ToJsonString());
            }
        }
    }

    private static bool IsConsoleError(JsonNode message) =>
        (string?)message["method"] == "Runtime.consoleAPICalled" && (string?)message["params"]!["type"] == "error";
}
