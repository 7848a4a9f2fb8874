using System.Text;
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
    public void Read_ExportedVoice_IsWholeAndBitEqual()
    {
        var voice = TestVoices.Reported("eva") with { Version = 7, Created = new DateTimeOffset(2026, 5, 1, 2, 3, 4, TimeSpan.Zero), ModelKind = "cosyvoice3" };
        var file = ExportedVoice.Write(voice);

        var read = Assert.Single(VoiceFile.Read("other name.safetensors", file, new(), TestVoices.Undescribed));

        TestVoices.AssertSame(voice, read);
        Assert.Equal(SpeakerTensors.Write(voice.Content), SpeakerTensors.Write(read.Content));
        Assert.Equal(file, ExportedVoice.Write(read));
    }

    [Fact]
    public void Read_ExportedVoice_WhatIsSaidBesideItCountsMore()
    {
        var voice = TestVoices.Reported("eva");
        var described = Described with { Name = "Ana", Transcript = "So.", Consent = "Yes." };

        var read = Assert.Single(VoiceFile.Read("x.safetensors", ExportedVoice.Write(voice), new(Voice: "eva", Id: "ana"), described));

        var content = voice.Content with { Id = "ana" };
        TestVoices.AssertSame(described with { Id = "ana", Report = voice.Report, Content = content }, read);
        AssertRefused("has no voice 'x'. It has 'eva'", () => VoiceFile.Read("x.safetensors", ExportedVoice.Write(voice), new(Voice: "x"), Described));
    }

    [Fact]
    public void Read_ExportedVoiceThatWasChanged_IsRefused()
    {
        var file = ExportedVoice.Write(TestVoices.Full("eva"));
        file[^3] ^= 1;

        AssertRefused("its content is not what was saved", () => VoiceFile.Read("x.safetensors", file, new(), Described));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"id":null,"name":"a","version":1,"created":"2026-01-01T00:00:00Z","model_kind":"a","content_sha256":""}""")]
    [InlineData("""{"id":"a","name":"a","version":1,"created":"2026-01-01T00:00:00Z","model_kind":null,"content_sha256":""}""")]
    [InlineData("""{"id":"a","name":"a","version":1e99,"created":"2026-01-01T00:00:00Z","model_kind":"a","content_sha256":""}""")]
    public void Read_OddWordsInTheFile_AreRefused(string words) => AssertRefused(
        "The file 'x.safetensors' cannot be used as .safetensors: cosyorleans.voice: ", () => VoiceFile.Read("x.safetensors", Worded(words), new(), Described));

    [Theory]
    [InlineData("1e999", "[]", "not finite")]
    [InlineData("1", "[null]", "The warning in the report has 0 characters")]
    [InlineData("1", """[{"message":"\u0000","solution":"x"}]""", "The warning in the report holds characters that cannot be shown")]
    public void Read_OddReportInTheFile_IsRefused(string seconds, string warnings, string message)
    {
        var json = Encoding.UTF8.GetString(VoiceHeader.Of(TestVoices.Reported("eva"), SpeakerTensors.Write(TestVoices.Full("eva").Content)).ToJson());
        var found = json.IndexOf("\"warnings\": [", StringComparison.Ordinal);
        json = json[..found].Replace("\"seconds\": 2.5", $"\"seconds\": {seconds}", StringComparison.Ordinal)
            + $"\"warnings\": {warnings}" + json[(json.IndexOf(']', found) + 1)..];

        AssertRefused(message, () => VoiceFile.Read("x.safetensors", Worded(json), new(), Described));
    }

    [Fact]
    public void Read_MetadataOfOthers_IsPassedOver()
    {
        var file = SpeakerTensors.Write(TestVoices.Full("x").Content, [KeyValuePair.Create("format", "pt")]);

        Assert.Equal("eva", Assert.Single(VoiceFile.Read("eva.safetensors", file, new(), Described)).Id);
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

    private static byte[] Worded(string words) =>
        SpeakerTensors.Write(TestVoices.Full("eva").Content, [KeyValuePair.Create("cosyorleans.voice", words)]);

    private static void AssertRefused(string message, Action read)
    {
        var error = Assert.Throws<SpeechException>(read);
        Assert.Equal(SpeechErrorCodes.VoiceInvalid, error.Code);
        Assert.Contains(message, $"{error.Message} {error.Solution}");
    }
}
