using CosyVoice.Engine;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Weights;

public class SpeakerFileTests
{
    [Fact]
    public void Read_TrainedSpeakers_HaveOnlyAnEmbedding()
    {
        var speakers = SpeakerFile.Read(Repository.File("models/default/spk2info.pt"));

        Assert.Equal(4, speakers.Count);
        Assert.All(speakers, pair =>
        {
            Assert.Equal(pair.Key, pair.Value.Id);
            Assert.Equal(Speaker.EmbeddingSize, pair.Value.Embedding.Length);
            Assert.Empty(pair.Value.PromptText);
            Assert.Empty(pair.Value.PromptMel);
        });
    }

    [Fact]
    public void Read_SavedSpeaker_EqualsWhatTheReferenceFed()
    {
        var speaker = SpeakerFile.Read(Repository.Fixture("model_v2/model/spk2info.pt"))["my_zero_shot_spk"];
        using var fed = Checkpoint.Open(Repository.Fixture("model_v2/case_api_zero_shot_saved_speaker.safetensors"));

        Assert.Equal(26, speaker.PromptText.Length);
        Assert.Equal(34, speaker.PromptSpeechTokens.Length);
        Assert.Equal(speaker.PromptSpeechTokens, speaker.FlowPromptTokens);
        Assert.Equal(fed.Tensors["in.prompt_speech_feat"].ToFloats(), speaker.PromptMel);
        Assert.Equal(fed.Tensors["in.flow_embedding"].ToFloats(), speaker.Embedding);
    }

    [Fact]
    public void Read_SeveralProblems_ReportsAll()
    {
        var embedding = new TensorToWrite([1, 192], new float[192]);
        using var file = TorchFileTests.Written(new()
        {
            ["narrow"] = new Dictionary<string, object> { ["embedding"] = new TensorToWrite([1, 191], new float[191]) },
            ["nameless"] = new Dictionary<string, object> { ["prompt_text"] = new TensorToWrite([1, 1], [1]) },
            ["infinite"] = new Dictionary<string, object> { ["embedding"] = new TensorToWrite([192], [float.NaN, .. new float[191]]) },
            ["odd"] = new Dictionary<string, object>
            {
                ["flow_embedding"] = embedding,
                ["prompt_text"] = new TensorToWrite([1, 2], [1f, 2f]),
                ["llm_prompt_speech_token"] = new TensorToWrite([1, 2], [1, -2]),
                ["flow_prompt_speech_token"] = new TensorToWrite([1, 2], [1, 2]),
                ["flow_prompt_speech_token_len"] = new TensorToWrite([1], [3]),
                ["prompt_speech_feat"] = new TensorToWrite([1, 2, 79], new float[158]),
            },
            ["flat"] = embedding,
        });

        var problems = Assert.Throws<CheckpointException>(() => SpeakerFile.Read(file.Path)).Problems;

        Assert.Equal(
            [
                "narrow: embedding has shape [1, 191], expected [1, 192]",
                "nameless: neither embedding nor flow_embedding is there",
                "infinite: embedding holds numbers that are not finite",
                "odd: prompt_text is stored as Float32 and cannot be read as 32-bit integers",
                "odd: llm_prompt_speech_token holds -2; ids begin at 0",
                "odd: flow_prompt_speech_token_len is [3], and flow_prompt_speech_token has 2",
                "odd: prompt_speech_feat has shape [1, 2, 79], expected [1, frames, 80]",
                "flat: a dictionary of tensors is expected",
            ],
            problems);
    }

    [Fact]
    public void Read_FromMemory_IsTheSameAndNamesTheFile()
    {
        var content = File.ReadAllBytes(Repository.File("models/default/spk2info.pt"));

        Assert.Equal(SpeakerFile.Read(Repository.File("models/default/spk2info.pt")).Keys, SpeakerFile.Read("four.pt", content).Keys);
        for (var length = 0; length < content.Length; length += 97)
        {
            var error = Assert.Throws<CheckpointException>(() => SpeakerFile.Read("four.pt", content.AsSpan(0, length)));
            Assert.Contains("four.pt", error.Message);
        }
    }

    [Fact]
    public void Read_ManyViewsOfOneStorage_IsRefused()
    {
        var shared = new TensorToWrite([1, 200, Speaker.MelBins], new float[200 * Speaker.MelBins]);
        var embedding = new TensorToWrite([192], new float[192]);
        using var file = TorchFileTests.Written(Enumerable.Range(0, 50).ToDictionary(
            i => $"speaker{i}", object (_) => new Dictionary<string, object> { ["embedding"] = embedding, ["prompt_speech_feat"] = shared }));

        Assert.Contains("together have more than the file", Assert.Throws<CheckpointException>(() => SpeakerFile.Read(file.Path)).Message);
    }
}
