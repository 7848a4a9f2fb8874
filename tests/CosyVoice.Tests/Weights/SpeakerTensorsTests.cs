using CosyVoice.Engine;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Weights;

public class SpeakerTensorsTests
{
    private static readonly Speaker Full = new()
    {
        Id = "eva",
        Embedding = [.. Enumerable.Range(0, Speaker.EmbeddingSize).Select(i => i / 7f)],
        PromptText = [1, 2, 3],
        PromptSpeechTokens = [4, 5],
        FlowPromptTokens = [6],
        PromptMel = [.. Enumerable.Range(0, 2 * Speaker.MelBins).Select(i => -i / 3f)],
    };

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        AssertSame(Full, SpeakerTensors.Read("eva", SpeakerTensors.Write(Full)));
        var plain = new Speaker { Id = "eva", Embedding = Full.Embedding };
        AssertSame(plain, SpeakerTensors.Read("eva", SpeakerTensors.Write(plain)));
        Assert.Equal(SpeakerTensors.Write(Full), SpeakerTensors.Write(Full));
    }

    [Fact]
    public void Write_IsAFileThatOthersRead()
    {
        using var file = TemporaryFile.Of(".safetensors", SpeakerTensors.Write(Full));
        using var checkpoint = Checkpoint.Open(file.Path);

        Assert.Equal([2, Speaker.MelBins], checkpoint.Tensors["prompt_speech_feat"].Shape);
        Assert.Equal(Full.PromptMel, checkpoint.Tensors["prompt_speech_feat"].ToFloats());
        Assert.Equal(Full.PromptText, checkpoint.Tensors["prompt_text"].ToInts());
    }

    [Fact]
    public void Read_CutAnywhere_IsRefusedAndNotACrash()
    {
        var bytes = SpeakerTensors.Write(Full);
        for (var length = 0; length < bytes.Length; length += length < 600 ? 1 : 61)
        {
            Assert.Throws<CheckpointException>(() => SpeakerTensors.Read("eva", bytes.AsSpan(0, length)));
        }
    }

    private static void AssertSame(Speaker expected, Speaker actual)
    {
        Assert.Equal(expected.Id, actual.Id);
        Assert.Equal(expected.Embedding, actual.Embedding);
        Assert.Equal(expected.PromptText, actual.PromptText);
        Assert.Equal(expected.PromptSpeechTokens, actual.PromptSpeechTokens);
        Assert.Equal(expected.FlowPromptTokens, actual.FlowPromptTokens);
        Assert.Equal(expected.PromptMel, actual.PromptMel);
    }
}
