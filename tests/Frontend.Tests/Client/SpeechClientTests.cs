using CosyOrleans.Client;
using CosyOrleans.Service.Tests;
using CosyOrleans.Service.Tests.Jobs;

namespace CosyOrleans.Frontend.Tests.Client;

public sealed class SpeechClientTests(CosyServer server) : IClassFixture<CosyServer>
{
    private const string Text = "One two three. Four five.";

    private static readonly SpeechRequest Request = new() { Text = Text, Voice = "amy", Seed = 7 };
    private static readonly short[] Expected = new ToneModel().Expected(Text, "amy", 7);

    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Speak_OneServer_GivesTheSoundAndWhatItIs()
    {
        using var client = Client(server.Client.BaseAddress!);

        await using var speech = await client.SpeakAsync(Request);

        Assert.Equal((24000, 7, "amy", 0), (speech.SampleRate, speech.Seed, speech.Voice, speech.Continuations));
        Assert.Equal(Expected, await ReadAsync(speech));
    }

    [Fact]
    public async Task Speak_OneOfTwoServersIsDown_TheOtherSpeaks()
    {
        var gone = await ScriptedServer.StartAsync(ScriptedServer.Silent());
        var address = gone.Address;
        await gone.DisposeAsync();
        using var client = Client(address, server.Client.BaseAddress!);

        await AssertSpeaksAsync(client, continuations: 0);
    }

    [Fact]
    public async Task Speak_OneOfTwoServersIsSilent_TheOtherIsAskedAtOnce()
    {
        await using var silent = await ScriptedServer.StartAsync(ScriptedServer.Silent());
        using var client = new SpeechClient(Options(silent.Address, server.Client.BaseAddress!) with { FirstPacketLimit = TimeSpan.FromSeconds(5) }, first: 0);

        await AssertSpeaksAsync(client, continuations: 0);

        Assert.Equal(1, silent.Requests);
    }

    [Fact]
    public async Task Read_ServerBreaksOff_AnotherGoesOnWithTheNextSample()
    {
        await using var breaking = await ScriptedServer.StartAsync(ScriptedServer.BreakingOff(Expected[..1001], _heard.Task));
        using var client = Client(breaking.Address, server.Client.BaseAddress!);

        await AssertSpeaksAsync(client, continuations: 1);
    }

    [Fact]
    public async Task Read_ServerThatGoesOnSpeaksDifferently_SaysSo()
    {
        await using var breaking = await ScriptedServer.StartAsync(ScriptedServer.BreakingOff([.. Expected[..1000], (short)(Expected[1000] + 1)], _heard.Task));
        using var client = Client(breaking.Address, server.Client.BaseAddress!);

        await using var speech = await client.SpeakAsync(Request);
        var e = await Assert.ThrowsAsync<SpeechClientException>(() => ReadAsync(speech));

        Assert.Equal("SPEECH_CHANGED", e.Code);
    }

    [Fact]
    public async Task Speak_NoSeedGiven_GoesOnWithTheOneThatTheServerChose()
    {
        await using var breaking = await ScriptedServer.StartAsync(ScriptedServer.BreakingOff(Expected[..500], _heard.Task));
        using var client = Client(breaking.Address, server.Client.BaseAddress!);

        await using var speech = await client.SpeakAsync(Request with { Seed = null });

        Assert.Equal(Expected, await ReadAsync(speech));
        Assert.Equal(1, speech.Continuations);
    }

    [Fact]
    public async Task Speak_ServerIsBusy_IsAskedThreeMoreTimes()
    {
        await using var busy = await ScriptedServer.StartAsync(ScriptedServer.Error(429, "SERVER_BUSY"));
        using var client = new SpeechClient(Options(busy.Address) with { Time = new HurriedTime() });

        var e = await Assert.ThrowsAsync<SpeechClientException>(() => client.SpeakAsync(Request));

        Assert.Equal(("SERVER_BUSY", "It is so.", "Change it.", 4), (e.Code, e.Message, e.Solution, busy.Requests));
    }

    [Fact]
    public async Task Speak_RequestIsWrong_IsNotAskedAgain()
    {
        await using var other = await ScriptedServer.StartAsync(ScriptedServer.Error(400, "TEXT_EMPTY"));
        using var client = Client(other.Address);

        Assert.Equal("TEXT_EMPTY", (await Assert.ThrowsAsync<SpeechClientException>(() => client.SpeakAsync(Request))).Code);
        Assert.Equal(1, other.Requests);
    }

    [Fact]
    public async Task Speak_ServerIsSilent_NamesTheStageAndItsLimit()
    {
        await using var silent = await ScriptedServer.StartAsync(ScriptedServer.Silent());
        using var client = new SpeechClient(Options(silent.Address) with { FirstPacketLimit = TimeSpan.FromMilliseconds(50), Time = new HurriedTime() });

        var e = await Assert.ThrowsAsync<SpeechClientException>(() => client.SpeakAsync(Request));

        Assert.Equal(("SERVER_TOO_SLOW", (SpeechStage?)SpeechStage.FirstPacket), (e.Code, e.Overrun));
        Assert.Contains("50 ms", e.Message);
        Assert.Equal(4, silent.Requests);
    }

    [Fact]
    public async Task Read_ReaderTakesItsTime_IsNoFaultOfTheServer()
    {
        using var client = new SpeechClient(Options(server.Client.BaseAddress!) with { GapLimit = TimeSpan.FromMilliseconds(200) });
        await using var speech = await client.SpeakAsync(Request);
        List<short> sound = [];
        var isFirst = true;

        await foreach (var samples in speech.ReadAsync())
        {
            sound.AddRange(samples.Span);
            await Task.Delay(isFirst ? 500 : 0); // The time of the reader is what this is about.
            isFirst = false;
        }

        Assert.Equal(Expected, sound);
        Assert.Equal(0, speech.Continuations);
    }

    [Fact]
    public async Task Dispose_BeforeTheEnd_StopsTheServer()
    {
        var held = new ToneModel { BeforeChunk = (_, chunk, token) => chunk == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token) };
        await using var slow = new CosyServer { Model = held, ReadyFirst = false };
        held.BeforeChunk = (_, _, _) => Task.CompletedTask;
        await slow.InitializeAsync();
        await slow.WhenLoadedAsync();
        held.BeforeChunk = (_, chunk, token) => chunk == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        using var client = Client(slow.Client.BaseAddress!);

        await using (var speech = await client.SpeakAsync(Request))
        {
            await held.WhenActiveAsync(1);
        }

        await held.WhenActiveAsync(0);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("/tts")]
    public void Client_OfSomethingElse_IsRefused(string address) =>
        Assert.Throws<ArgumentException>(() => Client(new Uri(address, UriKind.RelativeOrAbsolute)));

    private async Task AssertSpeaksAsync(SpeechClient client, int continuations)
    {
        await using var speech = await client.SpeakAsync(Request);
        Assert.Equal(Expected, await ReadAsync(speech));
        Assert.Equal(continuations, speech.Continuations);
    }

    private async Task<short[]> ReadAsync(LiveSpeech speech)
    {
        List<short> sound = [];
        await foreach (var samples in speech.ReadAsync())
        {
            sound.AddRange(samples.Span);
            if (sound.Count is 500 or > 1000)
            {
                _heard.TrySetResult();
            }
        }

        return [.. sound];
    }

    private static SpeechClient Client(params Uri[] servers) => new(Options(servers), first: 0);

    // Limits far beyond what anything here takes, except where a test is about them.
    private static SpeechClientOptions Options(params Uri[] servers) => new()
    {
        Servers = servers,
        DnsLimit = TimeSpan.FromMinutes(1),
        ConnectLimit = TimeSpan.FromMinutes(1),
        FirstPacketLimit = TimeSpan.FromMinutes(1),
        GapLimit = TimeSpan.FromMinutes(1),
    };
}
