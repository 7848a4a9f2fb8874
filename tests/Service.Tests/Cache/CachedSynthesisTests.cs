using CosyOrleans.Service.Cache;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Cache;

public sealed class CachedSynthesisTests : IAsyncLifetime
{
    private static readonly SpeakRequest Request = new() { Text = "One two three. Four.", SpeakerId = "amy", Seed = 7 };

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cosy-cache-");
    private readonly ToneModel _model = new();
    private TestService _service = null!;
    private VoiceFolder _voices = null!;
    private CachedSynthesis _cached = null!;
    private int _warmUp;

    public async Task InitializeAsync()
    {
        _voices = VoiceFolder.Open(_data.FullName, TimeProvider.System, NullLogger<VoiceFolder>.Instance);
        _service = await TestService.StartAsync(
            new SynthesisOptions { FrameMilliseconds = 70 }, _model, new VoiceShelf(_voices, TimeProvider.System));
        _warmUp = _model.Begun;
        _cached = Open();
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _voices.Dispose();
        _data.Delete(recursive: true);
    }

    private int Spoken => _model.Begun - _warmUp;

    private IEnumerable<string> Files => Directory.EnumerateFiles(Path.Combine(_data.FullName, "cache"), "*", SearchOption.AllDirectories);

    [Fact]
    public async Task Speak_Again_GivesTheSameFramesFromTheDisk()
    {
        var (first, frames) = await SpeakAsync(_cached, Request);
        _cached = Open(); // As after a restart.

        var (again, kept) = await SpeakAsync(_cached, Request with { TaskId = "mine" });

        Assert.Equal(1, Spoken);
        Assert.Equal((false, true, "mine"), (first.FromCache, again.FromCache, again.TaskId));
        Assert.Equal(first with { TaskId = "", FromCache = null, Warnings = [] }, again with { TaskId = "", FromCache = null, Warnings = [] });
        Assert.Equal(_model.Expected(Request.Text!, "amy", 7), Samples(kept));
        Assert.Equal(frames.Select(Describe), kept.Select(Describe));
        Assert.Equal(["One two three", "Four"], kept.SelectMany(frame => frame.Ends).Select(end => end.Text));
        Assert.Equal([3 * 2400, 4 * 2400], kept.SelectMany(frame => frame.Ends).Select(end => end.SampleOffset));
    }

    public static TheoryData<string> Differences => ["text", "voice", "seed", "speed", "whole", "tenant", "emotion", "model"];

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task Speak_SomethingElse_IsSpoken(string what)
    {
        await SpeakAsync(_cached, Request);
        var other = what switch
        {
            "text" => Request with { Text = "One two three. Fours." },
            "voice" => Request with { SpeakerId = "ben" },
            "seed" => Request with { Seed = 8 },
            "speed" => Request with { Speed = 1.5 },
            "whole" => Request with { Streaming = false },
            "tenant" => Request with { Tenant = "acme" },
            "emotion" => Request with { Emotion = "happy" },
            _ => Request,
        };
        _model.Fingerprint = what == "model" ? "other" : "tone";

        var (details, _) = await SpeakAsync(_cached, other);

        Assert.Equal((2, false), (Spoken, details.FromCache));
    }

    [Fact]
    public async Task Speak_NothingThatRepeats_IsNotKept()
    {
        var (random, _) = await SpeakAsync(_cached, Request with { Seed = null });
        _model.Fingerprint = null;
        var (unknown, _) = await SpeakAsync(_cached, Request);

        Assert.Equal((null, null), (random.FromCache, unknown.FromCache));
        Assert.Empty(Files);
    }

    [Fact]
    public async Task Speak_TenantsOwnVoiceOfASharedName_IsNotTheSharedOne()
    {
        var carla = new VoiceProfile
        {
            Id = "carla", Name = "Carla", ModelKind = "tone",
            Content = new Speaker { Id = "carla", Embedding = [.. Enumerable.Repeat(0.5f, Speaker.EmbeddingSize)] },
        };
        var asked = Request with { SpeakerId = "carla", Tenant = "acme" };
        await _voices.SaveAsync(carla, default);
        var (shared, _) = await SpeakAsync(_cached, asked);
        await _voices.SaveAsync(carla with { Id = "acme~carla" }, default);

        var (own, _) = await SpeakAsync(_cached, asked);
        var (again, _) = await SpeakAsync(_cached, asked);

        Assert.Equal(("carla", false), (shared.VoiceId, shared.FromCache));
        Assert.Equal(("acme~carla", false), (own.VoiceId, own.FromCache));
        Assert.Equal(("acme~carla", true), (again.VoiceId, again.FromCache));
    }

    [Fact]
    public async Task Speak_TheNextVersionOfAVoice_IsSpoken()
    {
        var voice = new VoiceProfile
        {
            Id = "carla", Name = "Carla", ModelKind = "tone",
            Content = new Speaker { Id = "carla", Embedding = [.. Enumerable.Repeat(0.5f, Speaker.EmbeddingSize)] },
        };
        await _voices.SaveAsync(voice, default);
        var (first, _) = await SpeakAsync(_cached, Request with { SpeakerId = "carla" });
        await _voices.SaveAsync(voice, default);

        var (second, _) = await SpeakAsync(_cached, Request with { SpeakerId = "carla", VoiceVersion = 2 });
        var (old, _) = await SpeakAsync(_cached, Request with { SpeakerId = "carla", VoiceVersion = 1 });

        Assert.Equal((1, false, 2, false), (first.VoiceVersion, first.FromCache, second.VoiceVersion, second.FromCache));
        Assert.Equal((1, true), (old.VoiceVersion, old.FromCache));
    }

    [Fact]
    public async Task Speak_TheSameTogether_IsSpokenOnceAndEachMayLeave()
    {
        var go = new TaskCompletionSource();
        _model.BeforeChunk = (_, chunk, token) => chunk == 1 ? go.Task.WaitAsync(token) : Task.CompletedTask;
        var first = await _cached.SpeakAsync(Request, default);
        var second = await _cached.SpeakAsync(Request, default);
        var third = await _cached.SpeakAsync(Request, default);

        await first.DisposeAsync();
        go.SetResult();
        var heard = await Task.WhenAll(ReadAsync(second), ReadAsync(third));

        Assert.Equal((1, false, true, true), (Spoken, first.Details.FromCache, second.Details.FromCache, third.Details.FromCache));
        Assert.All(heard, frames => Assert.Equal(_model.Expected(Request.Text!, "amy", 7), Samples(frames)));
        Assert.NotEqual(second.Details.TaskId, third.Details.TaskId);
    }

    [Fact]
    public async Task Leave_AsTheLast_StopsTheModelAndKeepsNothing()
    {
        _model.BeforeChunk = (_, chunk, token) => chunk == 1 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        var first = await _cached.SpeakAsync(Request, default);
        var second = await _cached.SpeakAsync(Request, default);

        await first.DisposeAsync();
        Assert.Equal(1, _model.Active);
        await second.DisposeAsync();

        Assert.Equal(0, _model.Active);
        Assert.Empty(Files);
        _model.BeforeChunk = (_, _, _) => Task.CompletedTask;
        Assert.False((await SpeakAsync(_cached, Request)).Details.FromCache);
    }

    [Fact]
    public async Task Speak_AFailure_IsToldToEverybodyAndNotKept()
    {
        var go = new TaskCompletionSource();
        _model.BeforeChunk = (_, chunk, token) => chunk == 1 ? go.Task.WaitAsync(token) : Task.CompletedTask;
        var first = await _cached.SpeakAsync(Request, default);
        var second = await _cached.SpeakAsync(Request, default);
        go.SetException(new InvalidOperationException("broken"));

        await Assert.ThrowsAsync<SpeechException>(() => ReadAsync(first));
        await Assert.ThrowsAsync<SpeechException>(() => ReadAsync(second));
        await Assert.ThrowsAsync<SpeechException>(() => _cached.SpeakAsync(Request with { Speed = 9 }, default));

        Assert.Empty(Files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Speak_ASpoiledFile_IsSpokenAgain(bool isShort)
    {
        await SpeakAsync(_cached, Request);
        var path = Files.Single();
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(path, isShort ? bytes[..(bytes.Length / 2)] : bytes);

        var (again, frames) = await SpeakAsync(_cached, Request);
        var (mended, _) = await SpeakAsync(_cached, Request);

        Assert.Equal((false, true, 2), (again.FromCache, mended.FromCache, Spoken));
        Assert.Equal(_model.Expected(Request.Text!, "amy", 7), Samples(frames));
    }

    [Fact]
    public async Task Store_BeyondTheLimit_RemovesTheLeastRecentlyUsed()
    {
        _model.ChunkSamples = 24_000; // Four words: 192 kB.
        for (var seed = 1; seed <= 5; seed++)
        {
            await SpeakAsync(_cached, Request with { Seed = seed });
        }

        await SpeakAsync(_cached, Request with { Seed = 1 });
        await SpeakAsync(_cached, Request with { Seed = 6 });

        Assert.InRange(Files.Sum(file => new FileInfo(file).Length), 500_000, 1 << 20);
        Assert.True((await SpeakAsync(_cached, Request with { Seed = 1 })).Details.FromCache);
        Assert.False((await SpeakAsync(_cached, Request with { Seed = 2 })).Details.FromCache);
    }

    [Fact]
    public async Task Store_WhereNothingCanBeWritten_IsNoFaultOfTheSpeech()
    {
        Directory.Delete(Path.Combine(_data.FullName, "cache"), recursive: true);
        await File.WriteAllTextAsync(Path.Combine(_data.FullName, "cache"), "in the way");

        var (details, frames) = await SpeakAsync(_cached, Request);

        Assert.False(details.FromCache);
        Assert.Equal(_model.Expected(Request.Text!, "amy", 7), Samples(frames));
    }

    private CachedSynthesis Open()
    {
        var cache = new AudioCache(_data.FullName, new CacheOptions { Megabytes = 1 }, TimeProvider.System, NullLogger<AudioCache>.Instance);
        return new CachedSynthesis(
            _service.Synthesis, cache, _service.Nodes, new LocalVoices(_service.Host, _voices), new CacheInstruments(new TestMeters(), cache), TimeProvider.System);
    }

    /// <summary>Completes when the sound is stored, if it is going to be.</summary>
    private static async Task<(SpeechDetails Details, List<AudioFrame> Frames)> SpeakAsync(CachedSynthesis synthesis, SpeakRequest request)
    {
        var speech = await synthesis.SpeakAsync(request, default).WaitAsync(TestService.Patience);
        var frames = await ReadAsync(speech);
        Assert.True(SpinWait.SpinUntil(() => synthesis.UnderWay == 0, TestService.Patience));
        return (speech.Details, frames);
    }

    private static async Task<List<AudioFrame>> ReadAsync(Speech speech)
    {
        await using (speech)
        {
            using var patience = new CancellationTokenSource(TestService.Patience);
            List<AudioFrame> frames = [];
            await foreach (var frame in speech.Frames.WithCancellation(patience.Token))
            {
                frames.Add(frame);
            }

            return frames;
        }
    }

    private static short[] Samples(IEnumerable<AudioFrame> frames) => [.. frames.SelectMany(frame => frame.Samples.ToArray())];

    private static string Describe(AudioFrame frame) =>
        $"{frame.Number} {frame.SampleOffset} {string.Join(' ', frame.Samples.ToArray())} {string.Join(' ', frame.Tokens.Select(tokens => $"{tokens.Segment}:{string.Join(',', tokens.Tokens)}"))} {string.Join(' ', frame.Ends)}";
}
