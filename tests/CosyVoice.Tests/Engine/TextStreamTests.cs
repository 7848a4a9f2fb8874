using System.Threading.Channels;
using CosyVoice.Engine;
using CosyVoice.Text.Arriving;

namespace CosyVoice.Tests.Engine;

/// <summary>Text that arrives while it is spoken, with the built-in voice and with CosyVoice 3's small model.</summary>
public sealed class TextStreamTests(BuiltInVoice second, ThirdModel third) : IClassFixture<BuiltInVoice>, IClassFixture<ThirdModel>
{
    private const string Text =
        "The weather is very nice this morning, and we walk along the river. Nobody else is there. The old house at the end of the "
        + "street has been empty for many years, and the children of the village tell each other stories about it.";

    // The small model of random weights speaks at length.
    private const string ShortText = "We walk along it, [laughter] 我们去河边。";

    public static TheoryData<string, string> Voices => new()
    {
        { "cosyvoice2", "amy" }, { "cosyvoice3", "sft_spk" }, { "cosyvoice3", "my_zero_shot_spk" },
    };

    [Theory]
    [MemberData(nameof(Voices))]
    public async Task SpeakAsync_TextInAnyPieces_GivesTheSameSamples(string kind, string speaker)
    {
        using var engine = new SpeechEngine(Model(kind));
        var text = kind == "cosyvoice3" ? ShortText : Text;
        var whole = await Speech.CollectAsync(engine, Request(kind, speaker, text));
        Assert.True(whole.Count > 1);
        foreach (var size in (int[])[1, 30])
        {
            string[] pieces = [.. text.Chunk(size).Select(piece => new string(piece))];
            Speech.AssertSame(whole, await Speech.CollectAsync(engine, Request(kind, speaker, pieces)));
        }
    }

    [Theory]
    [MemberData(nameof(Voices))]
    public async Task SpeakAsync_TextResumedFromAnyCheckpoint_GivesTheRestBitForBit(string kind, string speaker)
    {
        using var engine = new SpeechEngine(Model(kind));
        var text = kind == "cosyvoice3" ? ShortText : Text;
        var whole = await Speech.CollectAsync(engine, Request(kind, speaker, text));
        for (var i = 1; i < whole.Count; i++)
        {
            using var other = new SpeechEngine(Model(kind));
            var request = Request(kind, speaker, text[..20], text[20..]) with { Resume = Speech.Posted(whole[i - 1].Checkpoint!) };
            var chunks = i % 6 == 1 ? whole.Count - i : 1; // The whole rest from some of them.
            Speech.AssertSame(whole.GetRange(i, chunks), await Speech.CollectAsync(other, request, chunks));
        }
    }

    [Fact]
    public async Task SpeakAsync_TextThatStops_IsSpokenUpToThereAndGoesOnWithIt()
    {
        using var engine = new SpeechEngine(second.Model);
        var text = Channel.CreateUnbounded<TextPiece>();
        var request = Request("cosyvoice2", "amy", "") with { TextStream = text.Reader.ReadAllAsync() };
        await using var chunks = engine.SpeakAsync(request).GetAsyncEnumerator();

        // Sound leaves although the text is not complete, and other requests are not held up by its waiting.
        text.Writer.TryWrite(Text);
        Assert.True(await chunks.MoveNextAsync());
        Assert.NotEmpty(await Speech.CollectAsync(engine, Request("cosyvoice2", "ben", "Hello there.")));
        text.Writer.Complete();
        var samples = chunks.Current.Samples.Length;
        while (await chunks.MoveNextAsync())
        {
            samples += chunks.Current.Samples.Length;
        }

        Assert.Equal((await Speech.CollectAsync(engine, Request("cosyvoice2", "amy", Text))).Sum(chunk => chunk.Samples.Length), samples);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ...")]
    public async Task SpeakAsync_NothingToSay_EndsWithoutSound(string text)
    {
        using var engine = new SpeechEngine(second.Model);
        Assert.Empty(await Speech.CollectAsync(engine, Request("cosyvoice2", "amy", text)));
    }

    [Fact]
    public async Task SpeakAsync_TextThatFails_FailsWithItAndTheEngineGoesOn()
    {
        using var engine = new SpeechEngine(second.Model);

        await Assert.ThrowsAsync<InvalidDataException>(() => Speech.CollectAsync(engine, Request("cosyvoice2", "amy") with { TextStream = Failing() }));
        await Assert.ThrowsAsync<ArgumentException>(() => Speech.CollectAsync(engine, Request("cosyvoice2", "amy", new string('a', 100_001))));
        Assert.NotEmpty(await Speech.CollectAsync(engine, Request("cosyvoice2", "amy", "Hello there.")));

        static async IAsyncEnumerable<TextPiece> Failing()
        {
            yield return "Hello ";
            await Task.Yield();
            throw new InvalidDataException("The line is dead.");
        }
    }

    [Fact]
    public async Task SpeakAsync_NobodyListensAnyMore_StopsReadingText()
    {
        using var engine = new SpeechEngine(second.Model);
        var stopped = new TaskCompletionSource();
        await foreach (var chunk in engine.SpeakAsync(Request("cosyvoice2", "amy") with { TextStream = Endless() }))
        {
            break;
        }

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));

        async IAsyncEnumerable<TextPiece> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
        {
            try
            {
                yield return Text;
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                stopped.SetResult();
            }
        }
    }

    private SpeechModel Model(string kind) => kind == "cosyvoice3" ? third.Model : second.Model;

    private SpeechRequest Request(string kind, string speaker, params string[] pieces) => new()
    {
        Segments = [], TextStream = Speech.Pieces(pieces), Speaker = Model(kind).Speakers[speaker], Seed = 3,
    };
}
