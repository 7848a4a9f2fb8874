using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests;
using CosyOrleans.Service.Tests.Jobs;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using CosyVoice.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyVoice.Torch.Tests.Service;

/// <summary>A device whose KV caches hold 1,024 positions, as the service uses it.</summary>
public sealed class DeviceMemoryTests : IAsyncLifetime
{
    private const int Speeches = 8;
    private const string Text = "The weather is very nice this morning and so we walk along the river until it rains. Then we go home, make tea and read a long book.";

    private readonly DeviceHost _device = new(
        "device",
        () => EngineModel.Load(
            Repository.File("models/default"), threads: 1, Speeches, device: TestDevice.Device.ToString(), options: new() { CachePositions = 1024, DecodeRows = 8, ChunkRows = 1 }),
        new SynthesisOptions { MaxRunning = Speeches },
        new TestMeters(),
        new HurriedTime(),
        NullLoggerFactory.Instance,
        new VoiceShelf(new Prompted(), TimeProvider.System));

    public Task InitializeAsync() => _device.Model.StartAsync(default);

    public Task DisposeAsync()
    {
        _device.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task MoreSpeechesThanFit_AllSoundAsAloneAndFewerSpeakAtTheSameTime()
    {
        var alone = new List<short[]>();
        for (var seed = 1; seed <= Speeches; seed++)
        {
            alone.Add(await HearAsync(seed));
        }

        var before = _device.Queue.Slots;
        var together = await Task.WhenAll(Enumerable.Range(1, Speeches).Select(seed => HearAsync(seed)));

        Assert.Equal(alone, together);
        Assert.InRange(_device.Queue.Slots, 1, before - 1);
        Assert.Equal((NodeState.Ready, 0, 0), (_device.State, _device.Queue.Running, _device.Queue.Queued));
        Assert.NotEmpty(await HearAsync(1, "long", "Hi.")); // Needs all but two of the blocks.
    }

    [Fact]
    public async Task SpeechThatNeverFits_IsRefusedWithWhatToDoAndTheDeviceGoesOn()
    {
        var slots = _device.Queue.Slots;
        for (var i = 0; i < 4; i++)
        {
            var e = await Assert.ThrowsAsync<SpeechException>(() => HearAsync(1, "endless", "Hi."));

            Assert.Equal((SpeechErrorCodes.DeviceMemory, SpeechErrorKind.Configuration), (e.Code, e.Kind));
            Assert.Contains("1024", e.Message, StringComparison.Ordinal);
            Assert.Contains("Device:CachePositions", e.Solution, StringComparison.Ordinal);
        }

        Assert.Equal((NodeState.Ready, slots), (_device.State, _device.Queue.Slots));
        Assert.NotEmpty(await HearAsync(1, "long", "Hi."));
    }

    private async Task<short[]> HearAsync(int seed, string? voice = null, string text = Text)
    {
        await using var speech = await _device.Synthesis.SpeakAsync(
            new SpeakRequest { Text = text, SpeakerId = voice, Seed = seed, Streaming = seed % 2 == 0 }, default);
        List<short> heard = [];
        await foreach (var frame in speech.Frames)
        {
            heard.AddRange(frame.Samples.Span);
        }

        return [.. heard];
    }

    /// <summary>Voices with prompts that nearly fill the caches, or do not fit.</summary>
    private sealed class Prompted : IVoiceSource
    {
        public ValueTask<int?> NewestAsync(string id, CancellationToken cancellationToken) => new(1);

        public ValueTask<VoiceProfile?> FetchAsync(string id, int version, CancellationToken cancellationToken) => new(new VoiceProfile
        {
            Id = id,
            Name = id,
            ModelKind = "cosyvoice2",
            Version = 1,
            Content = new Speaker
            {
                Id = id,
                Embedding = [.. Enumerable.Repeat(0.1f, Speaker.EmbeddingSize)],
                PromptText = [1],
                PromptSpeechTokens = [.. Enumerable.Range(0, id == "long" ? 880 : 1100).Select(i => i * 7 % 100)],
            },
        });
    }
}
