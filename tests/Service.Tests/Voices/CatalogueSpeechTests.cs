using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Tests.Voices;

public sealed class CatalogueSpeechTests : IAsyncLifetime
{
    private const string Text = "one two three four five six.";

    private readonly ScriptedVoices _catalogue = new();
    private readonly ToneModel _model = new();
    private TestService _service = null!;

    public async Task InitializeAsync() =>
        _service = await TestService.StartAsync(model: _model, voices: new VoiceShelf(_catalogue, TimeProvider.System));

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task Speak_VoiceOfTheCatalogue_SoundsLikeItAndNamesItsVersion()
    {
        _catalogue.Save("eva", 3);

        await using var speech = await _service.SpeakAsync(Request("eva"));

        Assert.Equal(("eva", 3), (speech.Details.VoiceId, speech.Details.VoiceVersion));
        Assert.Equal(Expected("eva", 3), await ReadAsync(speech));
    }

    [Fact]
    public async Task Speak_VoiceOfTheModel_HasVersion0AndAsksNobody()
    {
        _catalogue.BeforeNewest = () => throw new InvalidOperationException("asked");

        await using var speech = await _service.SpeakAsync(Request("ben") with { VoiceVersion = 0 });

        Assert.Equal(("ben", 0), (speech.Details.VoiceId, speech.Details.VoiceVersion));
        Assert.Equal(_model.Expected(Text, "ben", 5), await ReadAsync(speech));
    }

    [Fact]
    public async Task Speak_NewVersionSavedMeanwhile_SpeechUnderWayKeepsItsVoice()
    {
        _catalogue.Save("eva", 1);
        var gate = new TaskCompletionSource();
        _model.BeforeChunk = (_, chunk, _) => chunk == 0 ? Task.CompletedTask : gate.Task;
        await using var begun = await _service.SpeakAsync(Request("eva"));

        _catalogue.Save("eva", 2);
        await using var next = await _service.SpeakAsync(Request("eva"));
        gate.SetResult();

        Assert.Equal((1, 2), (begun.Details.VoiceVersion, next.Details.VoiceVersion));
        Assert.Equal(Expected("eva", 1), await ReadAsync(begun));
        Assert.Equal(Expected("eva", 2), await ReadAsync(next));
    }

    [Fact]
    public async Task Speak_Resumed_GoesOnWithTheVersionItBeganWith()
    {
        _catalogue.Save("eva", 1);
        _catalogue.Save("eva", 2);
        var resume = new SpeechResumption(5, 2400, null);

        await using var speech = await _service.SpeakAsync(Request("eva") with { VoiceVersion = 1, Resume = resume });

        Assert.Equal(1, speech.Details.VoiceVersion);
        Assert.Equal(Expected("eva", 1)[2400..], await ReadAsync(speech));
    }

    [Fact]
    public async Task Speak_ResumedBeforeAnythingWasHeard_TakesTheNewestVersion()
    {
        _catalogue.Save("eva", 1);
        _catalogue.Save("eva", 2);

        // As after a worker that was asked first and never answered.
        await using var speech = await _service.SpeakAsync(Request("eva") with { Resume = new SpeechResumption(0, 0, null) });

        Assert.Equal(2, speech.Details.VoiceVersion);
        Assert.Equal(Expected("eva", 2), await ReadAsync(speech));
    }

    [Fact]
    public async Task Speak_ResumedWithoutAVersion_IsRefusedBecauseTheVoiceMightChange()
    {
        _catalogue.Save("eva", 1);

        var e = await Refused(Request("eva") with { Resume = new SpeechResumption(5, 2400, null) });

        Assert.Equal(SpeechErrorCodes.ResumeInvalid, e.Code);
    }

    [Theory]
    [InlineData("zoe", null)]
    [InlineData("eva", 7)]
    [InlineData("eva", 0)]
    [InlineData("eva", -1)]
    [InlineData("amy", 1)]
    [InlineData("../eva", null)]
    public async Task Speak_UnknownVoiceOrVersion_IsNamed(string id, int? version)
    {
        _catalogue.Save("eva", 1);

        var e = await Refused(Request(id) with { VoiceVersion = version });

        Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceUnknown), (e.Kind, e.Code));
        Assert.Contains($"'{id}'", e.Message);
    }

    [Fact]
    public async Task Speak_VoiceForAnotherModel_IsNamedWithEverythingElseThatIsWrong()
    {
        var other = new VoiceShelf(new OneVoice(TestVoices.Plain("eva") with { ModelKind = "cosyvoice3", Version = 1 }), TimeProvider.System);
        await using var service = await TestService.StartAsync(voices: other);

        var e = await Assert.ThrowsAsync<SpeechException>(() => service.SpeakAsync(Request("eva")));
        var both = await Assert.ThrowsAsync<SpeechException>(() => service.SpeakAsync(Request("eva") with { Speed = 9 }));

        Assert.Equal(SpeechErrorCodes.VoiceUnsuitable, e.Code);
        Assert.Contains("'cosyvoice3'", e.Message);
        Assert.Contains("speed", both.Message);
        Assert.Contains("'cosyvoice3'", both.Message);
    }

    [Fact]
    public async Task Speak_VoiceThatTheModelCannotUse_IsAnErrorAndNotACrash()
    {
        _catalogue.Save("eva", 1);
        _model.Problem = "it has prompt speech token 9999, outside 0 to 6560";

        var e = await Refused(Request("eva"));

        Assert.Equal(SpeechErrorCodes.VoiceUnsuitable, e.Code);
        Assert.Contains("9999", e.Message);
    }

    private static SpeakRequest Request(string voice) => new() { Text = Text, SpeakerId = voice, Seed = 5 };

    private short[] Expected(string id, int tone) => _model.Expected(Text, id, 5, speaker: TestVoices.Plain(id, tone).Content);

    private Task<SpeechException> Refused(SpeakRequest request) => Assert.ThrowsAsync<SpeechException>(() => _service.SpeakAsync(request));

    private static async Task<short[]> ReadAsync(Speech speech)
    {
        List<short> samples = [];
        await foreach (var frame in speech.Frames)
        {
            samples.AddRange(frame.Samples.Span);
        }

        return [.. samples];
    }

    private sealed class OneVoice(VoiceProfile voice) : IVoiceSource
    {
        public ValueTask<int?> NewestAsync(string id, CancellationToken cancellationToken) => new(voice.Version);

        public ValueTask<VoiceProfile?> FetchAsync(string id, int version, CancellationToken cancellationToken) => new(voice);
    }
}
