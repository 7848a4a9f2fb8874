using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;
using CosyVoice.Text.Arriving;

namespace CosyOrleans.Service.Tests.Nodes;

/// <summary>That the engine is told what a speech asks for.</summary>
public sealed class EngineModelTests
{
    [Fact]
    public async Task SpeakAsync_TextInPieces_IsReadAndSoundsTheSameHoweverItIsCut()
    {
        using var model = EngineModel.Load(Path.Combine(Folders.Repository, "models/default"), threads: 2, maxConcurrent: 1);
        var whole = await SpeakAsync("It costs $3.50. Good night!");
        Assert.Equal(whole, await SpeakAsync("It co", "sts $3", ".", "5", "0.", " Good ", "night!"));
        Assert.Equal(whole, await SpeakAsync("It costs three dollars and fifty cents. Good night!"));
        var flushed = await SpeakAsync("It costs $3.50.", "", " Good night!");
        Assert.NotEqual(whole, flushed);
        Assert.Equal(flushed, await SpeakAsync("It costs ", "$3.50.", "", " Good", " night!"));

        // An empty piece is a flush.
        async Task<List<float>> SpeakAsync(params string[] pieces)
        {
            var text = pieces.ToAsyncEnumerable().Select(piece => new TextPiece(piece, Flush: piece.Length == 0));
            var input = new SpeechInput([], "amy", Seed: 1, Speed: 1, Streaming: true) { TextStream = text };
            return await model.SpeakAsync(input, default).SelectMany(chunk => chunk.Samples.ToArray().ToAsyncEnumerable()).ToListAsync();
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task SpeakAsync_EveryModeAndInstruction_SoundsDifferent(int version)
    {
        using var model = EngineModel.Load(Path.Combine(Folders.Repository, $"tests/fixtures/model_v{version}/model"), threads: 2, maxConcurrent: 1);
        var plain = new SpeechInput(model.Prepare("We walk along the river."), "my_zero_shot_spk", Seed: 1, Speed: 1, Streaming: false);
        SpeechInput[] inputs =
        [
            plain,
            plain with { Mode = SpeechMode.CrossLingual },
            plain with { Mode = SpeechMode.Sft },
            plain with { Mode = SpeechMode.Instruct, Instruction = "Like a pirate." },
            plain with { Mode = SpeechMode.Instruct, Instruction = "Softly." },
            plain with { Mode = SpeechMode.Conversion, Segments = SpeechModel.PrepareSource([.. Enumerable.Range(1, 30)]) },
        ];

        var sounds = new List<string>();
        foreach (var input in inputs)
        {
            var samples = await model.SpeakAsync(input, default).SelectMany(chunk => chunk.Samples.ToArray().ToAsyncEnumerable()).ToListAsync();
            sounds.Add(string.Join(' ', samples.Take(20_000)));
        }

        Assert.Equal(inputs.Length, sounds.Distinct().Count());
    }
}
