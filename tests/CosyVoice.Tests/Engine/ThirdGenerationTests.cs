using CosyVoice.Engine;
using CosyVoice.Text.Arriving;
using CosyVoice.State;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Engine;

/// <summary>Every mode of CosyVoice 3's small model, cut off before every chunk and continued by another engine.</summary>
public sealed class ThirdGenerationTests(ThirdModel voice) : IClassFixture<ThirdModel>
{
    private const string Text = "今天天气很好。";

    public static TheoryData<SpeechMode, string, double, bool> Speeches => new()
    {
        { SpeechMode.ZeroShot, "my_zero_shot_spk", 1, true },
        { SpeechMode.ZeroShot, "my_zero_shot_spk", 1.3, true },
        { SpeechMode.ZeroShot, "my_zero_shot_spk", 0.8, false },
        { SpeechMode.ZeroShot, "sft_spk", 1, true },
        { SpeechMode.CrossLingual, "my_zero_shot_spk", 1, true },
        { SpeechMode.Instruct, "my_zero_shot_spk", 1, true },
        { SpeechMode.Instruct, "sft_spk", 1, false },
        { SpeechMode.Sft, "my_zero_shot_spk", 1, true },
        { SpeechMode.Conversion, "my_zero_shot_spk", 1, true },
        { SpeechMode.Conversion, "my_zero_shot_spk", 0.9, false },
    };

    [Theory]
    [MemberData(nameof(Speeches))]
    public async Task SpeakAsync_FromAnyCheckpoint_GivesTheRestBitForBit(SpeechMode mode, string speaker, double speed, bool streaming)
    {
        var request = Request(mode, speaker) with { Speed = speed, Streaming = streaming };
        using var engine = new SpeechEngine(voice.Model);
        var whole = await Speech.CollectAsync(engine, request);
        Assert.True(whole.Count > 1, "A speech of several chunks is wanted.");
        for (var i = 1; i < whole.Count; i++)
        {
            Assert.InRange(whole[i - 1].Checkpoint!.State.Length, 0, 24 * 1024);
            using var other = new SpeechEngine(voice.Model);
            Speech.AssertSame(whole[i..], await Speech.CollectAsync(other, request with { Resume = Speech.Posted(whole[i - 1].Checkpoint!) }));
        }
    }

    [Fact]
    public async Task SpeakAsync_AmongOthersOfEveryMode_GivesTheSameSamples()
    {
        using var engine = new SpeechEngine(voice.Model, new() { MaximumInputs = 16 });
        SpeechRequest[] requests =
        [
            .. Enum.GetValues<SpeechMode>().Select(mode => Request(mode, "my_zero_shot_spk")),
            Request(SpeechMode.ZeroShot, "sft_spk") with { Streaming = false },
        ];
        var alone = new List<List<AudioChunk>>();
        foreach (var request in requests)
        {
            alone.Add(await Speech.CollectAsync(engine, request));
        }

        var together = await Task.WhenAll(requests.Select(request => Speech.CollectAsync(engine, request)));
        for (var i = 0; i < requests.Length; i++)
        {
            Speech.AssertSame(alone[i], together[i]);
        }

        Assert.Equal(requests.Length, alone.Select(chunks => chunks.Sum(chunk => chunk.Samples.Span[^100..].ToArray().Sum(Math.Abs))).Distinct().Count());
    }

    [Fact]
    public async Task SpeakAsync_Whole_IsAsManySamplesAsTokens()
    {
        using var engine = new SpeechEngine(voice.Model);
        var whole = await Speech.CollectAsync(engine, Request(SpeechMode.ZeroShot, "my_zero_shot_spk"));
        Assert.Equal(960 * whole.Sum(chunk => chunk.SpeechTokens.Count), whole.Sum(chunk => chunk.Samples.Length));
        Assert.True(whole.Sum(chunk => chunk.SpeechTokens.Count) >= 2 * voice.Model.Prepare(Text).Sum(segment => segment.Tokens.Length) - 20);
    }

    [Fact]
    public async Task SpeakAsync_Conversion_SpeaksTheTokensGivenAndAsksNoLanguageModel()
    {
        using var engine = new SpeechEngine(voice.Model);
        int[] source = [.. Enumerable.Repeat(1, 30), .. Enumerable.Range(100, 800)];
        var segments = SpeechModel.PrepareSource(source);
        Assert.Equal(2, segments.Count);

        var request = Request(SpeechMode.Conversion, "my_zero_shot_spk") with { Segments = segments, Streaming = true };
        var whole = await Speech.CollectAsync(engine, request);

        Assert.Equal(source, whole.SelectMany(chunk => chunk.SpeechTokens)); // Silence included.
        Assert.All(whole[..^1], chunk => Assert.Empty(chunk.Checkpoint!.Tokens));
    }

    [Fact]
    public async Task SpeakAsync_CheckpointOfAnotherModeOrPrompt_IsRefused()
    {
        using var engine = new SpeechEngine(voice.Model);
        var request = Request(SpeechMode.Instruct, "my_zero_shot_spk");
        var good = (await Speech.CollectAsync(engine, request)).First(chunk => chunk.Checkpoint is { State.IsEmpty: false }).Checkpoint!;
        SpeechRequest[] others =
        [
            request with { Mode = SpeechMode.CrossLingual },
            request with { Instruction = Instructions.Emotions["sad"] },
            request with { Speaker = request.Speaker with { FlowPromptTokens = [.. request.Speaker.FlowPromptTokens.Reverse()] } },
            request with { Speaker = request.Speaker with { PromptMel = [.. request.Speaker.PromptMel.Reverse()] } },
        ];

        foreach (var other in others)
        {
            await Assert.ThrowsAsync<StateException>(() => Speech.CollectAsync(engine, other with { Resume = good }));
        }
    }

    [Fact]
    public async Task SpeakAsync_WhatNoModeCanDo_SaysWhy()
    {
        using var engine = new SpeechEngine(voice.Model);
        var good = Request(SpeechMode.Instruct, "my_zero_shot_spk");

        await RefusedAsync("0 characters", good with { Instruction = "" });
        await RefusedAsync("501 characters", good with { Instruction = new string('a', 501) });
        await RefusedAsync("no such mode", good with { Mode = (SpeechMode)9 });
        await RefusedAsync("Speech tokens are 0 to 6560", Request(SpeechMode.Conversion, "sft_spk") with { Segments = SpeechModel.PrepareSource([6561]) });
        await RefusedAsync("not both", good with { TextStream = Speech.Pieces("a") });
        await RefusedAsync("a conversion", Request(SpeechMode.Conversion, "sft_spk") with { Segments = [], TextStream = Speech.Pieces("a") }, StringComparison.OrdinalIgnoreCase);

        async Task RefusedAsync(string expected, SpeechRequest request, StringComparison comparison = StringComparison.Ordinal) =>
            Assert.Contains(expected, (await Assert.ThrowsAnyAsync<ArgumentException>(() => Speech.CollectAsync(engine, request))).Message, comparison);
    }

    private SpeechRequest Request(SpeechMode mode, string speaker) => new()
    {
        Segments = mode == SpeechMode.Conversion
            ? [.. new[] { 90, 40 }.SelectMany(count => SpeechModel.PrepareSource([.. Enumerable.Range(0, count).Select(i => i * i * 7 % 6561)]))]
            : [.. voice.Model.Prepare(Text), .. voice.Model.Prepare(Text + Text)],
        Speaker = voice.Model.Speakers[speaker],
        Mode = mode,
        Instruction = mode == SpeechMode.Instruct ? Instructions.Emotions["happy"] : "",
        Seed = 11,
    };
}

/// <summary>The small model of CosyVoice 3 in the fixtures.</summary>
public sealed class ThirdModel : IDisposable
{
    public SpeechModel Model { get; } = SpeechModel.Load(Repository.Fixture("model_v3/model"), threads: 2);

    public void Dispose() => Model.Dispose();
}

/// <summary>Speeches of an engine, collected and compared.</summary>
internal static class Speech
{
    /// <param name="chunks">How many to listen to at most; then the listener leaves.</param>
    public static async Task<List<AudioChunk>> CollectAsync(SpeechEngine engine, SpeechRequest request, int chunks = int.MaxValue)
    {
        List<AudioChunk> heard = [];
        await foreach (var chunk in engine.SpeakAsync(request))
        {
            heard.Add(chunk);
            if (heard.Count == chunks)
            {
                break;
            }
        }

        return heard;
    }

    public static void AssertSame(List<AudioChunk> expected, List<AudioChunk> actual)
    {
        Assert.Equal(expected.Select(chunk => (chunk.SampleOffset, chunk.Segment)), actual.Select(chunk => (chunk.SampleOffset, chunk.Segment)));
        foreach (var (one, other) in expected.Zip(actual))
        {
            Samples.AssertSameBits(one.Samples.Span, other.Samples.Span);
            Assert.Equal(one.SpeechTokens, other.SpeechTokens);
        }
    }

    /// <summary>As it arrives at another process.</summary>
    public static SpeechCheckpoint Posted(SpeechCheckpoint checkpoint) =>
        System.Text.Json.JsonSerializer.Deserialize<SpeechCheckpoint>(System.Text.Json.JsonSerializer.Serialize(checkpoint))!;

    public static async IAsyncEnumerable<TextPiece> Pieces(params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            await Task.Yield();
            yield return piece;
        }
    }
}
