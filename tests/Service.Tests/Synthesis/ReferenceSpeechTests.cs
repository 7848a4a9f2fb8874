using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Synthesis;

/// <summary>Recordings that come with requests, and how often they are listened to.</summary>
public sealed class ReferenceSpeechTests
{
    private static readonly SpeakRequest Request = new() { Text = "one two.", Seed = 5, ReferenceAudio = Base64("a recording") };

    [Fact]
    public async Task Speak_SameRecordingAtOnceAndAgain_IsListenedToOnce()
    {
        var model = new ToneModel();
        await using var service = await TestService.StartAsync(model: model);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SpeakAsync(service, Request)));
        await SpeakAsync(service, Request);

        Assert.Equal(1, model.Heard);
    }

    [Fact]
    public async Task Speak_OtherRecordingOrWords_IsAnotherVoice()
    {
        var model = new ToneModel();
        await using var service = await TestService.StartAsync(model: model);

        var first = await SpeakAsync(service, Request);
        var words = await SpeakAsync(service, Request with { ReferenceText = "A." });
        var other = await SpeakAsync(service, Request with { ReferenceAudio = Base64("another recording") });

        Assert.Equal(3, model.Heard);
        Assert.Equal(3, new[] { first, words, other }.Select(details => details.VoiceId).Distinct().Count());
        Assert.All(new[] { first, words, other }, details => Assert.StartsWith("reference-", details.VoiceId));
    }

    [Fact]
    public async Task Speak_MoreRecordingsThanAreKept_TheOneUsedLongestAgoIsListenedToAgain()
    {
        var model = new ToneModel();
        await using var service = await TestService.StartAsync(model: model);
        for (var i = 0; i <= 32; i++)
        {
            await SpeakAsync(service, Request with { ReferenceAudio = Base64($"recording {i}") });
        }

        await SpeakAsync(service, Request with { ReferenceAudio = Base64("recording 32") });
        Assert.Equal(33, model.Heard);
        await SpeakAsync(service, Request with { ReferenceAudio = Base64("recording 0") });
        Assert.Equal(34, model.Heard);
    }

    [Fact]
    public async Task Speak_GivenUpWhileItIsListenedTo_ListeningEndsAndThePlaceIsFree()
    {
        var model = new ToneModel();
        await using var service = await TestService.StartAsync(model: model);
        var (listening, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        model.WhileListening = async cancellation =>
        {
            await using var registration = cancellation.Register(ended.SetResult);
            listening.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        };
        using var listener = new CancellationTokenSource();
        var speech = service.SpeakAsync(Request, listener.Token);
        await listening.Task.WaitAsync(TestService.Patience);
        Assert.Equal(1, service.Queue.Running);

        await listener.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => speech);
        await ended.Task.WaitAsync(TestService.Patience);
        Assert.Equal(0, service.Queue.Running);
        model.WhileListening = _ => Task.CompletedTask;
        await SpeakAsync(service, Request);
    }

    [Fact]
    public async Task Speak_RecordingThatCannotBeUsed_GivesItsPlaceBack()
    {
        await using var service = await TestService.StartAsync();

        var e = await Assert.ThrowsAsync<SpeechException>(() => service.SpeakAsync(Request with { ReferenceAudio = Base64("silence") }));

        Assert.Equal(SpeechErrorCodes.RecordingInvalid, e.Code);
        Assert.Equal(0, service.Queue.Running);
    }

    [Fact]
    public async Task Speak_ReferenceAndVoice_IsRefused()
    {
        await using var service = await TestService.StartAsync();

        var e = await Assert.ThrowsAsync<SpeechException>(() => service.SpeakAsync(Request with { SpeakerId = "amy" }));

        Assert.Contains("speaker_id 'amy' and reference_audio", e.Message);
    }

    [Fact]
    public async Task Speak_ModelWithoutVoices_SpeaksWithARecordingAndAsksForAVoiceOtherwise()
    {
        await using var service = await TestService.StartAsync(model: new ToneModel { VoiceIds = [] });

        await SpeakAsync(service, Request);
        var e = await Assert.ThrowsAsync<SpeechException>(() => service.SpeakAsync(Request with { ReferenceAudio = null }));

        Assert.Equal(SpeechErrorCodes.VoiceUnknown, e.Code);
        Assert.Contains("reference_audio", e.Solution);
    }

    private static async Task<SpeechDetails> SpeakAsync(TestService service, SpeakRequest request)
    {
        await using var speech = await service.SpeakAsync(request);
        Assert.NotEmpty(await speech.Frames.ToListAsync());
        return speech.Details;
    }

    private static string Base64(string recording) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(recording));
}
