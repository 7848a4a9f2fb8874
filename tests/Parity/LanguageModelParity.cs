using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;

namespace CosyVoice.Parity;

/// <summary>llm_v2, llm_v3: the language model with its caches, decoding with recorded draws, and text-in streaming.</summary>
internal static partial class LanguageModelParity
{
    public static void Run(Fixture fixture, IStageBackend backend, ParityReport report)
    {
        var config = ReadConfig(fixture.Config);
        foreach (var one in fixture.Cases())
        {
            using var model = (ITracedLanguageModel)backend.LoadLanguageModel(fixture.Open("weights.safetensors"), config);
            if (one.Name == "prefill_and_steps")
            {
                Steps(one, model, config.Backbone, report);
            }
            else
            {
                Decode(one, fixture, backend, model, report);
            }
        }
    }

    private static SpeechLanguageModelConfig ReadConfig(JsonElement config)
    {
        var qwen2 = config.GetProperty("qwen2");
        return new()
        {
            Kind = config.GetProperty("kind").GetString() == "v3" ? ModelKind.CosyVoice3 : ModelKind.CosyVoice2,
            SpeechTokenCount = config.GetProperty("speech_token_size").GetInt32(),
            Backbone = new()
            {
                HiddenSize = qwen2.GetProperty("hidden_size").GetInt32(),
                IntermediateSize = qwen2.GetProperty("intermediate_size").GetInt32(),
                Layers = qwen2.GetProperty("num_hidden_layers").GetInt32(),
                AttentionHeads = qwen2.GetProperty("num_attention_heads").GetInt32(),
                KeyValueHeads = qwen2.GetProperty("num_key_value_heads").GetInt32(),
                VocabularySize = qwen2.GetProperty("vocab_size").GetInt32(),
                RmsNormEpsilon = qwen2.GetProperty("rms_norm_eps").GetSingle(),
                RopeTheta = qwen2.GetProperty("rope_theta").GetSingle(),
            },
        };
    }

    private static void Steps(FixtureCase one, ITracedLanguageModel model, Qwen2Config backbone, ParityReport report)
    {
        void Compare(string name, ReadOnlySpan<float> got) =>
            report.Compare(one.Name, name, got, one.Floats("out." + name), one.AbsoluteTolerance, one.RelativeTolerance);

        using var cache = model.CreateCache();
        LanguageModelInput[] prompt =
        [
            LanguageModelInput.Sos,
            .. one.Ints("in.prompt_text").Select(LanguageModelInput.Text),
            .. one.Ints("in.text").Select(LanguageModelInput.Text),
            LanguageModelInput.TaskId,
            .. one.Ints("in.prompt_speech_token").Select(LanguageModelInput.Speech),
        ];
        using var embedded = model.Embed([new(cache, prompt)]);
        Compare("lm_input", embedded.Span);

        using var hidden = model.ForwardHidden([new(cache, prompt)]);
        using var scores = model.Decode(hidden);
        Compare("prefill_logits_last", scores.Row(scores.Rows - 1));
        Compare("prefill_logits_first64cols", FirstColumns(scores, one.Shape("out.prefill_logits_first64cols")[^1]));
        foreach (var (name, layer) in new[] { ("layer0", 0), ("last", backbone.Layers - 1) })
        {
            var (keys, values) = model.Remembered(cache, layer);
            Compare($"prefill_k_{name}", ByHead(keys, backbone));
            Compare($"prefill_v_{name}", ByHead(values, backbone));
        }

        var (stepScores, stepHidden) = (new List<float>(), new List<float>());
        foreach (var token in one.Ints("in.forced_step_tokens"))
        {
            using var next = model.ForwardHidden([new(cache, new[] { LanguageModelInput.Speech(token) })]);
            using var nextScores = model.Decode(next);
            stepHidden.AddRange(next.Span);
            stepScores.AddRange(nextScores.Span);
        }

        Compare("step_logits", stepScores.ToArray());
        Compare("step_hidden", stepHidden.ToArray());

        LanguageModelInput[] text = [.. one.Ints("in.continuation_text").Select(LanguageModelInput.Text)];
        using var continued = model.ForwardHidden([new(cache, text)]);
        using var continuedScores = model.Decode(continued);
        Compare("continuation_logits_first64cols", FirstColumns(continuedScores, one.Shape("out.continuation_logits_first64cols")[^1]));
        Compare("continuation_hidden", continued.Span);
    }

    private static void Decode(FixtureCase one, Fixture fixture, IStageBackend backend, ILanguageModel model, ParityReport report)
    {
        var scale = Number(WeightFactor().Match(one.Note), 1);
        var endBias = Number(EndBias().Match(one.Note), 0);
        using var weights = fixture.Open("weights.safetensors");
        var bias = weights.Tensors.TryGetValue("llm_decoder.bias", out var stored) ? stored.ToFloats() : new float[model.ScoreCount];
        var changed = new RescoredModel(model, bias, scale, Number(EndFactor().Match(one.Note), 1), endBias);
        if (one.Has("out.forward_trace_newlen_cachelen"))
        {
            TextStream(one, fixture.Config, changed, report);
            return;
        }

        var sampler = one.Name.StartsWith("greedy", StringComparison.Ordinal)
            ? new GreedyUntil(model.SpeechTokenCount, model.EndId, int.MaxValue)
            : backend.CreateSampler(ReadSampling(fixture.Config.GetProperty("sampling")));
        var utterance = new Utterance
        {
            PromptText = one.Ints("in.prompt_text"),
            Text = one.Ints("in.text"),
            PromptSpeechTokens = one.Ints("in.prompt_speech_token"),
        };
        using var decoding = new Decoding(changed, sampler, one.Floats("in.uniforms"));
        var decoder = new TokenDecoder(changed, utterance, (_, draw) => decoding.Uniform(draw), maskEveryStopId: false);
        decoding.Run(decoder, inputs: 16);
        report.CompareExact<int>(one.Name, "tokens", [.. decoder.Tokens], one.Ints("out.tokens"));
        report.CompareExact<int>(one.Name, "uniforms left", [decoding.Left], [0]);
    }

    private static void TextStream(FixtureCase one, JsonElement config, ILanguageModel model, ParityReport report)
    {
        int? endOfPrompt = config.GetProperty("kind").GetString() == "v3" ? config.GetProperty("endofprompt_id_in_this_fixture").GetInt32() : null;
        using var decoding = new Decoding(model, GreedyUntil.Parse(one.Params, model), []);
        var decoder = new TextStreamDecoder(
            model, ReadRatio(config), one.Ints("in.prompt_text"), one.Ints("in.prompt_speech_token"), (_, draw) => decoding.Uniform(draw), asReference: true, endOfPrompt);
        foreach (var piece in one.Ints("in.text").Chunk(one.Params.GetProperty("text_chunk").GetInt32()))
        {
            decoder.Append(piece);
            decoding.Run(decoder);
        }

        decoder.Complete();
        decoding.Run(decoder);
        report.CompareExact<int>(one.Name, "tokens", [.. decoder.Tokens], one.Ints("out.tokens"));
        report.CompareExact<int>(one.Name, "forward_trace", [.. decoding.Trace], one.Ints("out.forward_trace_newlen_cachelen"));
    }

    private static MixRatio ReadRatio(JsonElement config)
    {
        var ratio = config.GetProperty("mix_ratio");
        return new(ratio[0].GetInt32(), ratio[1].GetInt32());
    }

    private static SamplingRules ReadSampling(JsonElement sampling) => new()
    {
        TopP = sampling.GetProperty("top_p").GetDouble(),
        TopK = sampling.GetProperty("top_k").GetInt32(),
        WindowSize = sampling.GetProperty("win_size").GetInt32(),
        TauR = sampling.GetProperty("tau_r").GetDouble(),
    };

    private static float[] FirstColumns(Tensor x, int columns)
    {
        var values = new List<float>();
        for (var row = 0; row < x.Rows; row++)
        {
            values.AddRange(x.Row(row)[..columns]);
        }

        return [.. values];
    }

    // Some notes ask for a changed head.
    [GeneratedRegex(@"llm_decoder\.weight multiplied by ([\d.]*\d)")]
    private static partial Regex WeightFactor();

    [GeneratedRegex(@"llm_decoder\.weight\[eos\] row multiplied by ([\d.]*\d)")]
    private static partial Regex EndFactor();

    [GeneratedRegex(@"llm_decoder\.bias\[eos\] increased by ([\d.]*\d)")]
    private static partial Regex EndBias();

    private static float Number(Match match, float otherwise) =>
        match.Success ? float.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>[positions, heads * size] to [heads, positions, size].</summary>
    private static float[] ByHead(Tensor x, Qwen2Config config)
    {
        var values = new List<float>();
        for (var head = 0; head < config.KeyValueHeads; head++)
        {
            for (var row = 0; row < x.Rows; row++)
            {
                values.AddRange(x.Row(row).Slice(head * config.HeadSize, config.HeadSize));
            }
        }

        return [.. values];
    }
}
