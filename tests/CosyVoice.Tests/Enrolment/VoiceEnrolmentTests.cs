using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.Enrolment;
using CosyVoice.Tests.Audio;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Enrolment;

public class VoiceEnrolmentTests
{
    private const string Transcript = "The river runs past the old mill.";

    [Theory]
    [InlineData("model_v2", "cosyvoice2", Transcript)]
    [InlineData("model_v3", "cosyvoice3", Transcript)]
    [InlineData("model_v3", "cosyvoice3", VoiceEnrolment.CosyVoice3Prefix + Transcript)]
    public async Task Enrol_Recording_IsTheVoiceThatTheReferenceSaved(string fixture, string kind, string transcript)
    {
        var folder = Repository.Fixture($"{fixture}/model");
        var expected = SpeakerFile.Read(Path.Combine(folder, "spk2info.pt"))["my_zero_shot_spk"];

        var voice = await new VoiceEnrolment(folder, 2).EnrolAsync("mill", File.ReadAllBytes(Repository.Fixture($"{fixture}/prompt.wav")), transcript, default);

        Assert.Equal((kind, "mill"), (voice.ModelKind, voice.Speaker.Id));
        Assert.Equal(expected.PromptText, voice.Speaker.PromptText);
        Assert.Equal(expected.PromptSpeechTokens, voice.Speaker.PromptSpeechTokens);
        Assert.Equal(expected.FlowPromptTokens, voice.Speaker.FlowPromptTokens);
        AssertClose(expected.PromptMel, voice.Speaker.PromptMel, 1e-3f);
        AssertClose(expected.Embedding, voice.Speaker.Embedding, 1e-3f);
        Assert.InRange(voice.Report.Seconds, 1.3, 1.5);
    }

    [Theory]
    [InlineData("model_v2")]
    [InlineData("model_v3")]
    public async Task Tokenize_Recording_IsWhatTheReferenceHears(string fixture)
    {
        using var expected = Checkpoint.Open(Repository.Fixture($"{fixture}/case_api_vc.safetensors"));
        var enrolment = new VoiceEnrolment(Repository.Fixture($"{fixture}/model"), 2);

        var source = File.ReadAllBytes(Repository.Fixture($"{fixture}/source.wav"));
        var prompt = File.ReadAllBytes(Repository.Fixture($"{fixture}/prompt.wav"));

        Assert.Equal(expected.Tensors["in.flow_prompt_speech_token"].ToInts(), await enrolment.ListenAsync(prompt, default));
        Assert.Equal(expected.Tensors["in.source_speech_token"].ToInts(), await enrolment.ListenAsync(source, default));
        await Assert.ThrowsAsync<RecordingException>(() => enrolment.ListenAsync(Voices.ToWav(Voices.Speak(0.09)), default));
        await Assert.ThrowsAsync<RecordingException>(() => enrolment.ListenAsync(Voices.ToWav(Voices.Speak(30.1, 16_000)), default));
    }

    [Fact]
    public async Task Enrol_SavedAndRead_IsTheSameVoice()
    {
        var folder = Repository.Fixture("model_v2/model");
        var voice = await new VoiceEnrolment(folder, 1).EnrolAsync("mill", File.ReadAllBytes(Repository.Fixture("model_v2/prompt.wav")), Transcript, default);

        var read = SpeakerFile.Read("spk2info.pt", SpeakerFile.Write([voice.Speaker, voice.Speaker with { Id = "other" }]));

        Assert.Equal(["mill", "other"], read.Keys);
        Assert.Equal(voice.Speaker.PromptText, read["mill"].PromptText);
        Assert.Equal(voice.Speaker.PromptSpeechTokens, read["mill"].PromptSpeechTokens);
        Assert.Equal(voice.Speaker.FlowPromptTokens, read["mill"].FlowPromptTokens);
        Assert.Equal(voice.Speaker.PromptMel, read["mill"].PromptMel);
        Assert.Equal(voice.Speaker.Embedding, read["mill"].Embedding);
    }

    [Fact]
    public async Task Enrol_WithoutTranscript_LeavesOutWhatTheLanguageModelWouldContinue()
    {
        var voice = await new VoiceEnrolment(Repository.Fixture("model_v3/model"), 1).EnrolAsync("v", Voices.ToWav(Voices.Speak(3)), " ", default);

        Assert.Empty(voice.Speaker.PromptText);
        Assert.Empty(voice.Speaker.PromptSpeechTokens);
        Assert.Equal(75, voice.Speaker.FlowPromptTokens.Length);
        Assert.Equal(2 * 75 * Speaker.MelBins, voice.Speaker.PromptMel.Length);
        Assert.Empty(voice.Report.Warnings);
        Assert.Null(voice.Report.SyllablesPerSecond);
    }

    [Fact]
    public async Task Enrol_AnyThreads_IsTheSameVoice()
    {
        var (folder, file) = (Repository.Fixture("model_v2/model"), Voices.ToWav(Voices.Speak(4.03, 44_100)));

        var one = await new VoiceEnrolment(folder, 1).EnrolAsync("v", file, Transcript, default);
        var three = await new VoiceEnrolment(folder, 3).EnrolAsync("v", file, Transcript, default);

        Assert.Equal(SpeakerTensors.Write(one.Speaker), SpeakerTensors.Write(three.Speaker));
    }

    [Fact]
    public async Task Enrol_BadRecordings_AreRefusedBeforeAnyNetworkIsRead()
    {
        using var folder = new TemporaryFolder();
        CopyModel(folder.Path);
        File.WriteAllText(Path.Combine(folder.Path, "campplus.onnx"), "no network");
        var enrolment = new VoiceEnrolment(folder.Path, 1, new Ffmpeg(""));

        await Assert.ThrowsAsync<RecordingException>(() => enrolment.EnrolAsync("v", Voices.ToWav(Voices.Speak(0.9)), "", default));
        await Assert.ThrowsAsync<AudioFormatException>(() => enrolment.EnrolAsync("v", Voices.ToWav(Voices.Speak(3)).AsMemory(0, 1000), "", default));
        await Assert.ThrowsAsync<AudioFormatException>(() => enrolment.EnrolAsync("v", ReadOnlyMemory<byte>.Empty, "", default));
        await Assert.ThrowsAsync<AudioFormatException>(() => enrolment.EnrolAsync("v", new WavBuilder { Tag = 7, Bits = 8 }.Build(0, 0), "", default));
        await Assert.ThrowsAsync<CheckpointException>(() => enrolment.EnrolAsync("v", Voices.ToWav(Voices.Speak(3)), "", default));
    }

    [Fact]
    public void Create_FolderWithoutNetworks_NamesThem()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no model", Assert.Throws<CheckpointException>(() => new VoiceEnrolment(folder.Path, 1)).Message);

        folder.Write("cosyvoice3.yaml", "");
        var problems = Assert.Throws<CheckpointException>(() => new VoiceEnrolment(folder.Path, 1)).Problems;

        Assert.Collection(problems, first => Assert.Contains("campplus.onnx is missing", first), second => Assert.Contains("speech_tokenizer_v3.onnx is missing", second));
    }

    [Fact]
    public async Task Enrol_Cancelled_Ends()
    {
        var enrolment = new VoiceEnrolment(Repository.Fixture("model_v2/model"), 1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => enrolment.EnrolAsync("v", Voices.ToWav(Voices.Speak(3)), "", new CancellationToken(canceled: true)));
    }

    private static void CopyModel(string target)
    {
        var source = Repository.Fixture("model_v2/model");
        Directory.CreateDirectory(Path.Combine(target, "CosyVoice-BlankEN"));
        foreach (var name in new[] { "cosyvoice2.yaml", "speech_tokenizer_v2.onnx" }.Concat(
                     Directory.GetFiles(Path.Combine(source, "CosyVoice-BlankEN")).Select(file => Path.Combine("CosyVoice-BlankEN", Path.GetFileName(file)))))
        {
            File.Copy(Path.Combine(source, name), Path.Combine(target, name));
        }
    }

    private static void AssertClose(float[] expected, float[] got, float tolerance)
    {
        Assert.Equal(expected.Length, got.Length);
        for (var i = 0; i < got.Length; i++)
        {
            Assert.Equal(expected[i], got[i], tolerance);
        }
    }
}
