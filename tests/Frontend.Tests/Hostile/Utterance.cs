using System.Net;
using System.Net.WebSockets;
using CosyOrleans.Frontend.Tests.DashScope;
using CosyOrleans.Frontend.Tests.WebSockets;
using CosyOrleans.Service.Tests;
using CosyOrleans.Service.Tests.Voices;
using CosyVoice.Engine;

namespace CosyOrleans.Frontend.Tests.Hostile;

/// <summary>One thing that is said to one listener, over one of the protocols.</summary>
/// <param name="seed">With voice and tenant it decides the sound; the text is the same for all.</param>
internal sealed class Utterance(CrowdedServer.Tenant tenant, string voice, int seed, Protocol protocol)
{
    public const string Text = "One two three. Four five.";

    private bool IsWritten => protocol is Protocol.NativeSocket or Protocol.DashScopeSocket;

    // As it is called inside the service, which the sound of the test's model depends on.
    private string Inside => voice == CrowdedServer.Own ? $"{tenant.Name}~{voice}" : voice;

    private Speaker? Speaker => voice switch
    {
        CrowdedServer.Own => TestVoices.Plain(Inside, tenant.Tone).Content,
        CrowdedServer.Shared => TestVoices.Plain(Inside, CrowdedServer.SharedTone).Content,
        _ => null,
    };

    public override string ToString() => $"{tenant.Name} {voice} {seed} {protocol}";

    /// <summary>What a job would say of it; its file is named by the seed.</summary>
    public object AsItem => new { text = Text, voice, seed, name = $"{seed}.wav" };

    /// <summary>The samples that this listener must hear, and nobody else.</summary>
    public byte[] Expected(ToneModel model) => CosyServer.Bytes(IsWritten
        ? model.ExpectedWritten(Text, Inside, seed, Speaker)
        : model.Expected(Text, Inside, seed, streaming: protocol != Protocol.Job, speaker: Speaker));

    public Task<byte[]> HearAsync() => protocol switch
    {
        Protocol.Tts => PostAsync("/tts", new { text = Text, speaker_id = voice, seed }),
        Protocol.OpenAi => PostAsync("/v1/audio/speech", new { input = Text, voice, seed, response_format = "pcm" }),
        // Theirs begin with 0.
        Protocol.ElevenLabs => PostAsync($"/v1/text-to-speech/{voice}/stream?output_format=pcm_24000", new { text = Text, seed = seed - 1 }),
        Protocol.NativeSocket => TalkAsync(),
        Protocol.DashScopeSocket => TaskAsync(),
        _ => throw new InvalidOperationException("Jobs write files."),
    };

    /// <summary>What the job of its tenant has written.</summary>
    public async Task<byte[]> ReadAsync(string job)
    {
        var file = await tenant.Client.GetByteArrayAsync($"/v1/jobs/{job}/items/{seed}.wav");
        return file[file.AsSpan().IndexOf("data"u8)..][8..];
    }

    private async Task<byte[]> PostAsync(string path, object fields)
    {
        using var answer = await tenant.Client.PostAsJsonAsync(path, fields);
        var content = await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode == HttpStatusCode.OK ? content : throw new InvalidOperationException($"{this}: {answer.StatusCode} {System.Text.Encoding.UTF8.GetString(content)}");
    }

    private async Task<byte[]> TalkAsync()
    {
        using var client = await ConnectAsync("/v1/tts/ws");
        await client.SendAsync(new { type = "start", speaker_id = voice, seed, text = Text[..9] });
        await client.SendAsync(new { type = "text", text = Text[9..] });
        await client.SendAsync(new { type = "end" });
        await client.EventAsync("started");
        return (await client.SoundUntilAsync("finished")).Sound;
    }

    private async Task<byte[]> TaskAsync()
    {
        using var client = new DashScopeClient(await ConnectAsync("/api-ws/v1/inference"));
        await client.RunAsync("t", new { voice, seed, format = "pcm", sample_rate = 24000 });
        await client.EventAsync("t", "task-started");
        await client.ContinueAsync("t", new { text = Text[..9] });
        await client.ContinueAsync("t", new { text = Text[9..] });
        await client.FinishAsync("t");
        return (await client.SoundAsync("t")).Sound;
    }

    private async Task<TalkingClient> ConnectAsync(string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", tenant.Authorization);
        await socket.ConnectAsync(new UriBuilder(new Uri(tenant.Client.BaseAddress!, path)) { Scheme = "ws" }.Uri, default);
        return new TalkingClient(socket);
    }
}

internal enum Protocol
{
    Tts,
    NativeSocket,
    OpenAi,
    DashScopeSocket,
    ElevenLabs,
    Job,
}
