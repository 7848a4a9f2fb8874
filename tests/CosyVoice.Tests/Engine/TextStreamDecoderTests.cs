using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Engine;

/// <summary>Text in pieces through the small language models of the fixtures, with the model's own sampler.</summary>
public sealed class TextStreamDecoderTests : IDisposable
{
    private const int EndOfPrompt = 403;

    private readonly Workers _workers = new(1);
    private readonly Dictionary<ModelKind, SpeechLanguageModel> _models;

    public TextStreamDecoderTests() => _models = new()
    {
        [ModelKind.CosyVoice2] = Load("llm_v2", ModelKind.CosyVoice2),
        [ModelKind.CosyVoice3] = Load("llm_v3", ModelKind.CosyVoice3),
    };

    public static TheoryData<ModelKind, int, int> Texts
    {
        get
        {
            var texts = new TheoryData<ModelKind, int, int>();
            foreach (var kind in Enum.GetValues<ModelKind>())
            {
                foreach (var promptSpeech in (int[])[0, 7, 30])
                {
                    foreach (var text in (int[])[1, 4, 5, 6, 10, 13, 20])
                    {
                        texts.Add(kind, promptSpeech, text);
                    }
                }
            }

            return texts;
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Decoded_WheneverTheTextCame_IsTheSame(ModelKind kind, int promptSpeech, int text)
    {
        var expected = Run(kind, promptSpeech, text, pieceSize: text, decodesBetween: false);
        Assert.NotEmpty(expected);
        foreach (var size in (int[])[1, 3, 5])
        {
            Assert.Equal(expected, Run(kind, promptSpeech, text, size, decodesBetween: true));
            Assert.Equal(expected, Run(kind, promptSpeech, text, size, decodesBetween: false));
        }
    }

    [Theory]
    [InlineData(ModelKind.CosyVoice2, 7)]
    [InlineData(ModelKind.CosyVoice3, 0)]
    [InlineData(ModelKind.CosyVoice3, 30)]
    public void Decoded_KnownBeforehand_GoesOnTheSame(ModelKind kind, int promptSpeech)
    {
        var expected = Run(kind, promptSpeech, 13, 13, decodesBetween: false);
        for (var known = 0; known <= expected.Length; known += 3)
        {
            Assert.Equal(expected, Run(kind, promptSpeech, 13, 2, decodesBetween: true, expected[..known]));
        }
    }

    [Theory]
    [InlineData(ModelKind.CosyVoice2)]
    [InlineData(ModelKind.CosyVoice3)]
    public void Tokens_ModelThatNeverEnds_AreTwentyForEveryTextId(ModelKind kind)
    {
        var decoder = Decoder(kind, 0);
        decoder.Append(Enumerable.Range(5, 12));
        decoder.Complete();
        Decode(_models[kind], decoder, new Favourite(3));

        Assert.True(decoder.Ended);
        Assert.Equal(20 * 12, decoder.Tokens.Count);
    }

    [Theory]
    [InlineData(ModelKind.CosyVoice2)]
    [InlineData(ModelKind.CosyVoice3)]
    public void Tokens_ModelThatWantsToEndAtOnce_AreTwoForEveryTextId(ModelKind kind)
    {
        var decoder = Decoder(kind, 0);
        decoder.Append(Enumerable.Range(5, 4));
        decoder.Complete();
        Decode(_models[kind], decoder, new Favourite(_models[kind].EndId));

        Assert.True(decoder.Ended);
        Assert.Equal(2 * 4, decoder.Tokens.Count);
        Assert.DoesNotContain(decoder.Decoded, id => id >= _models[kind].SpeechTokenCount);
    }

    [Fact]
    public void NextInputs_FiveIdsAndNoMoreKnown_WaitsForTheSixth()
    {
        var decoder = Decoder(ModelKind.CosyVoice3, 0);
        decoder.Append([1, 2, 3, 4, 5]);
        Assert.True(decoder.NextInputs().IsEmpty);
        decoder.Append([6]);
        LanguageModelInput[] expected =
        [
            LanguageModelInput.Sos, LanguageModelInput.Text(9), LanguageModelInput.Text(EndOfPrompt),
            .. Enumerable.Range(1, 5).Select(LanguageModelInput.Text),
        ];
        Assert.Equal(expected, decoder.NextInputs().ToArray());
        Assert.Throws<InvalidOperationException>(() =>
        {
            decoder.Complete();
            decoder.Append([7]);
        });
    }

    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Dispose();
        }

        _workers.Dispose();
    }

    private int[] Run(ModelKind kind, int promptSpeech, int text, int pieceSize, bool decodesBetween, int[]? known = null)
    {
        var model = _models[kind];
        var decoder = Decoder(kind, promptSpeech, known);
        var sampler = new RepetitionAwareSampler(new SamplingRules());
        using var cache = model.CreateCache();
        foreach (var piece in Enumerable.Range(20, text).Chunk(pieceSize))
        {
            decoder.Append(piece);
            if (decodesBetween)
            {
                Decode(model, decoder, sampler, cache);
            }
        }

        decoder.Complete();
        Decode(model, decoder, sampler, cache);
        Assert.True(decoder.Ended);
        return [.. decoder.Decoded];
    }

    private TextStreamDecoder Decoder(ModelKind kind, int promptSpeech, int[]? known = null) => new(
        _models[kind], new MixRatio(5, 15), kind == ModelKind.CosyVoice3 ? [9, EndOfPrompt] : [],
        [.. Enumerable.Range(100, promptSpeech)], (step, draw) => CounterRandom.Uniform(1, 2, step, draw),
        endOfPromptId: kind == ModelKind.CosyVoice3 ? EndOfPrompt : null, known: known);

    private static void Decode(SpeechLanguageModel model, TextStreamDecoder decoder, ITokenSampler sampler, ISequenceCache? cache = null)
    {
        using var own = cache is null ? model.CreateCache() : null;
        var drawn = new DrawnToken[1];
        while (decoder.NextInputs(limit: 4) is { IsEmpty: false } inputs)
        {
            model.SampleOnHost([new(cache ?? own!, inputs) { Draw = decoder.Draw(inputs.Length) }], sampler, drawn);
            decoder.Accept(inputs.Length, drawn[0].Id);
        }
    }

    private SpeechLanguageModel Load(string folder, ModelKind kind) => new(
        Checkpoint.Open(Repository.Fixture($"{folder}/weights.safetensors")),
        new()
        {
            Kind = kind,
            SpeechTokenCount = 500,
            Backbone = new()
            {
                HiddenSize = 64, IntermediateSize = 160, Layers = 3, AttentionHeads = 4, KeyValueHeads = 2, VocabularySize = 512,
            },
        },
        _workers);

    /// <summary>Takes one id whenever it may, otherwise the next that is allowed.</summary>
    private sealed class Favourite(int id) : ITokenSampler
    {
        public DrawnToken Sample(Span<float> scores, TokenDraw draw)
        {
            var choice = id;
            while (float.IsNegativeInfinity(scores[choice]))
            {
                choice = (choice + 1) % scores.Length;
            }

            return new(choice, 1);
        }
    }
}
