using System.Text.Json;
using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Text;

namespace CosyVoice.Parity;

/// <summary>model_v2, model_v3: a complete model folder, from text or from given tokens to samples, whole and streamed.</summary>
internal static class ModelParity
{
    public static void Run(Fixture fixture, IStageBackend backend, ParityReport report)
    {
        var parts = ModelLoader.Load(fixture.File("model"), backend, ReadNoise(fixture));
        using var model = new SpeechModel(parts);
        foreach (var one in fixture.Cases())
        {
            Voice(one, parts, report);
            var tokens = Tokens(one, parts, report);
            var isConverted = one.Has("in.source_speech_token");
            Render(one, parts, isConverted ? tokens : new SilenceFilter(parts.Kind).Spoken(tokens), report);
        }
    }

    /// <summary>Speech tokens: given, a recording's, or decoded from the text.</summary>
    private static IReadOnlyList<int> Tokens(FixtureCase one, SpeechModelParts parts, ParityReport report)
    {
        if (one.Has("in.llm_tokens"))
        {
            return one.Ints("in.llm_tokens");
        }

        if (one.Has("in.source_speech_token"))
        {
            return one.Ints("in.source_speech_token");
        }

        var tokens = one.Params.TryGetProperty("text_pieces", out var pieces) ? DecodePieces(one, pieces, parts) : DecodeText(one, parts, report);
        int[] expected = [.. one.Params.GetProperty("llm_tokens").EnumerateArray().Select(token => token.GetInt32())];
        report.CompareExact<int>(one.Name, "llm_tokens", [.. tokens], expected);
        return tokens;
    }

    private static IReadOnlyList<int> DecodeText(FixtureCase one, SpeechModelParts parts, ParityReport report)
    {
        var segments = new TextFrontend(parts.Tokenizer, TextReading.Reference).Prepare(one.Params.GetProperty("tts_text").GetString()!);
        report.CompareExact<int>(one.Name, "text", [.. segments.SelectMany(segment => segment.Tokens)], one.Ints("in.text"));

        var voice = Prompt(one, parts, report);
        var utterance = new Utterance { Text = one.Ints("in.text"), PromptText = voice.PromptText, PromptSpeechTokens = voice.PromptSpeechTokens };
        using var decoding = new Decoding(parts.LanguageModel, parts.Sampler, one.Floats("in.uniforms"));
        var decoder = new TokenDecoder(parts.LanguageModel, utterance, (_, draw) => decoding.Uniform(draw), maskEveryStopId: false);
        decoding.Run(decoder);
        return decoder.Tokens;
    }

    /// <summary>What the case's mode makes of a voice from a recording, compared with what the reference's frontend made of it.</summary>
    private static Speaker Prompt(FixtureCase one, SpeechModelParts parts, ParityReport report)
    {
        var transcript = one.Params.TryGetProperty("prompt_text", out var given) ? parts.Tokenizer.Encode(given.GetString()!) : one.IntsOrEmpty("in.prompt_text");
        var instruction = one.Params.TryGetProperty("instruct_text", out var instruct) ? instruct.GetString()! : "";
        var recorded = new Speaker
        {
            Id = one.Name,
            Embedding = one.Floats("in.flow_embedding"),
            PromptText = transcript.Length > 0 ? transcript : [1, 2, 3],
            PromptSpeechTokens = one.Has("in.llm_prompt_speech_token") ? one.Ints("in.llm_prompt_speech_token") : [4, 5],
            FlowPromptTokens = one.Has("in.flow_prompt_speech_token") ? one.Ints("in.flow_prompt_speech_token") : [6, 7],
            PromptMel = one.Has("in.prompt_speech_feat") ? one.Floats("in.prompt_speech_feat") : new float[4 * Speaker.MelBins],
        };
        var mode =
            one.Name.Contains("zero_shot", StringComparison.Ordinal) ? SpeechMode.ZeroShot
            : one.Name.Contains("cross_lingual", StringComparison.Ordinal) ? SpeechMode.CrossLingual
            : one.Name.Contains("instruct", StringComparison.Ordinal) ? SpeechMode.Instruct
            : SpeechMode.Sft;
        const string greeting = "You are a helpful assistant. ";
        var isTemplate = parts.Kind == ModelKind.CosyVoice2 || instruction.StartsWith(greeting, StringComparison.Ordinal);
        var bare = !isTemplate ? instruction : instruction
            .Replace(greeting, "", StringComparison.Ordinal)
            .Replace(PromptRules.EndOfPrompt, "", StringComparison.Ordinal);
        var voice = new PromptRules(parts.Kind, parts.Tokenizer).Apply(recorded, mode, bare, one.Ints("in.text"));
        report.CompareExact<int>(one.Name, "mode prompt_text", voice.PromptText, one.IntsOrEmpty("in.prompt_text"));
        report.CompareExact<int>(one.Name, "mode llm_prompt_speech_token", voice.PromptSpeechTokens, one.IntsOrEmpty("in.llm_prompt_speech_token"));
        report.CompareExact<int>(one.Name, "mode flow_prompt_speech_token", voice.FlowPromptTokens, one.IntsOrEmpty("in.flow_prompt_speech_token"));
        report.CompareExact<float>(one.Name, "mode prompt_speech_feat", voice.PromptMel, one.FloatsOrEmpty("in.prompt_speech_feat"));
        return voice;
    }

    private static IReadOnlyList<int> DecodePieces(FixtureCase one, JsonElement pieces, SpeechModelParts parts)
    {
        using var decoding = new Decoding(parts.LanguageModel, GreedyUntil.Parse(one.Params, parts.LanguageModel), []);
        var decoder = new TextStreamDecoder(
            parts.LanguageModel, parts.MixRatio, one.IntsOrEmpty("in.prompt_text"), one.IntsOrEmpty("in.llm_prompt_speech_token"),
            (_, draw) => decoding.Uniform(draw), asReference: true, parts.Kind == ModelKind.CosyVoice3 ? parts.Tokenizer.IdOf(PromptRules.EndOfPrompt) : null);
        foreach (var piece in pieces.EnumerateArray())
        {
            decoder.Append(parts.Tokenizer.Encode(piece.GetString()!));
            decoding.Run(decoder);
        }

        decoder.Complete();
        decoding.Run(decoder);
        return decoder.Tokens;
    }

    private static void Render(FixtureCase one, SpeechModelParts parts, IReadOnlyList<int> tokens, ParityReport report)
    {
        var speaker = new Speaker
        {
            Id = one.Name,
            Embedding = one.Floats(one.Has("in.flow_embedding") ? "in.flow_embedding" : "in.embedding"),
            FlowPromptTokens = one.IntsOrEmpty(one.Has("in.flow_prompt_speech_token") ? "in.flow_prompt_speech_token" : "in.prompt_token"),
            PromptMel = one.FloatsOrEmpty(one.Has("in.prompt_speech_feat") ? "in.prompt_speech_feat" : "in.prompt_feat"),
        };
        var chunks = one.Params.GetProperty("chunks").EnumerateArray().ToArray();
        var index = 0;
        using var renderer = new SegmentRenderer(
            parts.Flow, Vocoder(parts), speaker, parts.Timing, one.Number("speed", 1))
        {
            OnMel = mel => report.Compare(
                one.Name, $"chunk{index}.mel_new", Layout.Transpose(mel.Span, mel.Rows, mel.Columns), one.Floats($"out.chunk{index}.mel_new"),
                one.MelTolerance, 0),
        };
        var schedule = new ChunkSchedule(one.Flag("stream"), parts.Timing.ChunkTokens, parts.Timing.LookAheadTokens, speaker.FlowPromptTokens.Length);
        var samples = new List<float>();
        for (; schedule.Next(tokens.Count, ended: true) is { } chunk; index++)
        {
            if (index == chunks.Length)
            {
                report.CompareExact<int>(one.Name, "chunks", [index + 1], [chunks.Length]);
                return;
            }

            report.CompareExact<int>(one.Name, $"chunk{index}", Plan(chunk), Plan(chunks[index], parts.Timing));
            using var mel = parts.Flow.Generate(renderer.Request(tokens, chunk));
            if (renderer.Prepare(mel, chunk) is { } passage)
            {
                samples.AddRange(renderer.Take(parts.Vocoder.Decode([passage])[0]));
            }
        }

        report.CompareExact<int>(one.Name, "chunks", [index], [chunks.Length]);
        report.CompareSnr(one.Name, "wav", samples.ToArray(), one.Floats("out.wav"), one.WavMinSnrDb);
    }

    /// <summary>The case's voice, where it is one of the folder's spk2info.pt.</summary>
    private static void Voice(FixtureCase one, SpeechModelParts parts, ParityReport report)
    {
        if (one.Params.TryGetProperty("spk_id", out var id) || one.Params.TryGetProperty("zero_shot_spk_id", out id))
        {
            var speaker = parts.Speakers[id.GetString()!];
            report.CompareExact<float>(one.Name, "embedding", speaker.Embedding, one.Floats("in.flow_embedding"));
            report.CompareExact<int>(one.Name, "prompt_text", speaker.PromptText, one.IntsOrEmpty("in.prompt_text"));
            report.CompareExact<int>(one.Name, "llm_prompt_speech_token", speaker.PromptSpeechTokens, one.IntsOrEmpty("in.llm_prompt_speech_token"));
            report.CompareExact<int>(one.Name, "flow_prompt_speech_token", speaker.FlowPromptTokens, one.IntsOrEmpty("in.flow_prompt_speech_token"));
            report.CompareExact<float>(one.Name, "prompt_speech_feat", speaker.PromptMel, one.FloatsOrEmpty("in.prompt_speech_feat"));
        }
    }

    private static FlowNoise ReadNoise(Fixture fixture)
    {
        using var file = fixture.Open("noise.safetensors");
        var noise = file.Tensors["flow_rand_noise"]; // [1, channels, frames]
        return new FlowNoise(noise.ToFloats(), noise.Shape[1]);
    }

    private static int[] Plan(FlowChunk chunk) => [chunk.Tokens, chunk.Offset, chunk.Streaming ? 1 : 0, chunk.Finalize ? 1 : 0];

    private static int[] Plan(JsonElement chunk, SegmentTiming timing) =>
    [
        chunk.GetProperty("n_tokens").GetInt32(),
        chunk.GetProperty("mel_from_frame").GetInt32() / timing.FramesPerToken,
        chunk.GetProperty("streaming").GetBoolean() ? 1 : 0,
        chunk.GetProperty("finalize").GetBoolean() ? 1 : 0,
    ];

    /// <summary>Version 2's reference cuts differently from us; version 3's gives the same samples.</summary>
    private static IVocoderStream Vocoder(SpeechModelParts parts) => parts.Kind == ModelKind.CosyVoice3
        ? new VocoderStream(parts.Vocoder, HashNoise.FillUniform)
        : new ReferenceVocoderStream(parts.Vocoder, (_, noise) => HashNoise.Fill(0, noise));
}
