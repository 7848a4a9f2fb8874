using System.Text.Json;
using CosyOrleans.Frontend.Tests.WebSockets;

namespace CosyOrleans.Frontend.Tests.DashScope;

/// <summary>Says what recorded clients of DashScope say, and hears what they wait for.</summary>
internal sealed class DashScopeClient(TalkingClient client) : IDisposable
{
    private const int MostBytesOfAnEvent = 4096;

    public TalkingClient Connection => client;

    public static async Task<DashScopeClient> ConnectAsync(Uri server, string path = "/api-ws/v1/inference") => new(await TalkingClient.ConnectAsync(server, path));

    public Task RunAsync(string task, object parameters) => client.SendAsync(new
    {
        header = new { action = "run-task", task_id = task, streaming = "duplex" },
        payload = new { task_group = "audio", task = "tts", function = "SpeechSynthesizer", model = "cosyvoice-v2", parameters, input = new { } },
    });

    // Recorded clients leave header.streaming out from here on.
    public Task ContinueAsync(string task, object input) =>
        client.SendAsync(new { header = new { action = "continue-task", task_id = task }, payload = new { input } });

    public Task FinishAsync(string task) => client.SendAsync(new { header = new { action = "finish-task", task_id = task }, payload = new { input = new { } } });

    /// <summary>The next event, with the sound that it announces.</summary>
    public async Task<(string Name, JsonElement Event, byte[]? Sound)> EventAsync()
    {
        var (happened, _) = await client.ReadAsync();
        var header = happened!.Value.GetProperty("header");
        Assert.Equal(JsonValueKind.Object, header.GetProperty("attributes").ValueKind);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(happened.Value.GetRawText()), 1, MostBytesOfAnEvent - 1);
        var name = header.GetProperty("event").GetString()!;
        if (name == "result-generated")
        {
            name = happened.Value.GetProperty("payload").GetProperty("output").GetProperty("type").GetString()!;
        }

        var sound = name == "sentence-synthesis" ? (await client.ReadAsync()).Sound : null;
        Assert.Equal(name == "sentence-synthesis", sound is not null);
        return (name, happened.Value, sound);
    }

    /// <summary>The next event, which must be of this task and have that name.</summary>
    public async Task<JsonElement> EventAsync(string task, string name)
    {
        var (found, happened, _) = await EventAsync();
        Assert.Equal((task, name), (happened.GetProperty("header").GetProperty("task_id").GetString(), found));
        return happened;
    }

    /// <summary>All sound of a task from its sentence-begin to task-finished, and the characters it was billed.</summary>
    public async Task<(byte[] Sound, int Characters)> SoundAsync(string task)
    {
        await EventAsync(task, "sentence-begin");
        using var sound = new MemoryStream();
        while (true)
        {
            var (name, _, piece) = await EventAsync();
            if (piece is null)
            {
                Assert.Equal("sentence-end", name);
                var finished = await EventAsync(task, "task-finished");
                return (sound.ToArray(), finished.GetProperty("payload").GetProperty("usage").GetProperty("characters").GetInt32());
            }

            sound.Write(piece);
        }
    }

    /// <summary>The next event, which must be the failure of this task: its code and words.</summary>
    public async Task<(string Code, string Message)> FailureAsync(string task)
    {
        var (name, happened, _) = await EventAsync();
        while (name is "sentence-begin" or "sentence-synthesis")
        {
            (name, happened, _) = await EventAsync();
        }

        var header = happened.GetProperty("header");
        Assert.Equal(("task-failed", task), (name, header.GetProperty("task_id").GetString()));
        return (header.GetProperty("error_code").GetString()!, header.GetProperty("error_message").GetString()!);
    }

    public void Dispose() => client.Dispose();
}
