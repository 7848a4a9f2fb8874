using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using CosyVoice.Weights;

namespace CosyOrleans.Service.Tests.Voices;

public sealed class VoiceFileTests
{
    private static readonly VoiceProfile Described = new()
    {
        Id = "", Name = "", Owner = "me", ModelKind = "tone", Content = new Speaker { Id = "", Embedding = [] },
    };

    [Fact]
    public void Read_Safetensors_IsNamedByItsFileOrTheId()
    {
        var content = SpeakerTensors.Write(TestVoices.Full("x").Content);

        var voice = Assert.Single(VoiceFile.Read("eva.safetensors", content, new(), Described));
        var named = Assert.Single(VoiceFile.Read("eva.safetensors", content, new(Id: "ana"), Described with { Name = "Ana" }));

        TestVoices.AssertSame(Described with { Id = "eva", Name = "eva", Content = TestVoices.Full("eva").Content }, voice);
        Assert.Equal(("ana", "Ana", "ana"), (named.Id, named.Name, named.Content.Id));
    }

    [Fact]
    public void Read_FileOfSeveral_TakesAllOrTheOneChosen()
    {
        var content = SavedVoices.Of("one", "two");

        Assert.Equal(["one", "two"], VoiceFile.Read("spk2info.pt", content, new(), Described).Select(voice => voice.Id));
        Assert.Equal(["three"], VoiceFile.Read("spk2info.pt", content, new("two", "three"), Described).Select(voice => voice.Id));
    }

    [Fact]
    public void Read_OneIdOrNameForSeveral_NamesThem()
    {
        var content = SavedVoices.Of("one", "two");

        AssertRefused("has 2 voices, 'one', 'two', and the id 'x' is for one", () => VoiceFile.Read("a.pt", content, new(Id: "x"), Described));
        AssertRefused("and the name 'X' is for one", () => VoiceFile.Read("a.pt", content, new(), Described with { Name = "X" }));
        AssertRefused("has no voice 'three'. It has 'one', 'two'.", () => VoiceFile.Read("a.pt", content, new("three"), Described));
    }

    [Fact]
    public void Read_IdsThatCannotBe_AreAllNamed()
    {
        var error = Assert.Throws<SpeechException>(() => VoiceFile.Read("a.pt", SavedVoices.Of("中文女", "ok", "a b"), new(), Described));

        Assert.Contains("'中文女' cannot be the id", error.Message);
        Assert.Contains("'a b' cannot be the id", error.Message);
        Assert.Single(VoiceFile.Read("a.pt", SavedVoices.Of("中文女", "ok"), new("中文女", "woman"), Described));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(VoiceFile.MaxBytes + 1)]
    public void Read_SizeOutOfRange_IsNamed(int bytes) =>
        AssertRefused($"has {bytes} bytes; 1 to {VoiceFile.MaxBytes} are taken", () => VoiceFile.Read("a.pt", new byte[bytes], new(), Described));

    [Fact]
    public void Read_NumbersOfVoices_AreTakenUpToTheMost()
    {
        string[] ids = [.. Enumerable.Range(0, VoiceFile.MaxVoices + 1).Select(i => $"v{i}")];

        Assert.Equal(VoiceFile.MaxVoices, VoiceFile.Read("a.pt", SavedVoices.Of(ids[1..]), new(), Described).Count);
        AssertRefused("has 101 voices; 1 to 100 are taken", () => VoiceFile.Read("a.pt", SavedVoices.Of(ids), new(), Described));
        AssertRefused("has 0 voices", () => VoiceFile.Read("a.pt", SavedVoices.Of(), new(), Described));
    }

    [Fact]
    public void Read_DamagedFile_IsRefusedWhereverItIsCut()
    {
        var content = SavedVoices.Of("one");
        for (var length = 1; length < content.Length; length += 13)
        {
            AssertRefused("The file 'a.pt' cannot be used", () => VoiceFile.Read("a.pt", content.AsSpan(0, length), new(), Described));
        }
    }

    [Fact]
    public void Read_ProblemsWithHostileNames_AreShownHarmless()
    {
        var error = Assert.Throws<SpeechException>(() => VoiceFile.Read("a\u001b.pt", SavedVoices.OfSize(1, "red\u001b[31m"), new(), Described));

        Assert.Contains("red\\u001B[31m: embedding has shape", error.Message);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    private static void AssertRefused(string message, Action read)
    {
        var error = Assert.Throws<SpeechException>(read);
        Assert.Equal(SpeechErrorCodes.VoiceInvalid, error.Code);
        Assert.Contains(message, $"{error.Message} {error.Solution}");
    }
}
