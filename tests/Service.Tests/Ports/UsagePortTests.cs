using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Service.Tests.Ports;

/// <summary>What counting does wherever it is done.</summary>
public abstract class UsagePortTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected abstract IUsage Usage { get; }

    [Fact]
    public async Task TakeRequest_MoreThanAMinuteAllows_IsRefusedUntilThereIsOneAgain()
    {
        var key = Key(new KeyLimits(RequestsPerMinute: 3));
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await Usage.TakeRequestAsync(key, default));
        }

        var refusal = await Usage.TakeRequestAsync(key, default);

        Assert.Equal((UsageLimit.RequestsPerMinute, 3), (refusal?.Limit, refusal?.Most));
        Assert.InRange(refusal!.Value.RetryAfter, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        Assert.Null(await Usage.TakeRequestAsync(Key(key.Limits), default));
    }

    [Fact]
    public async Task BeginSpeech_MoreThanAtOnce_IsRefusedUntilOneEnds()
    {
        var key = Key(new KeyLimits(Concurrent: 2));
        Assert.Null(await Usage.BeginSpeechAsync(key, default));
        Assert.Null(await Usage.BeginSpeechAsync(key, default));

        var refusal = await Usage.BeginSpeechAsync(key, default);
        Usage.EndSpeech(key);

        Assert.Equal((UsageLimit.Concurrent, 2), (refusal?.Limit, refusal?.Most));
        await EventuallyAsync(async () => await Usage.BeginSpeechAsync(key, default) is null);
        Assert.Equal(UsageLimit.Concurrent, (await Usage.BeginSpeechAsync(key, default))?.Limit);
    }

    [Fact]
    public async Task BeginSpeech_SoundOfTheDayUsedUp_IsRefusedUntilMidnight()
    {
        var key = Key(new KeyLimits(AudioMinutesPerDay: 1));
        Assert.Null(await Usage.BeginSpeechAsync(key, default));
        Usage.Produced(key, 59.9);
        Assert.Null(await Usage.BeginSpeechAsync(key, default));
        Usage.Produced(key, 0.2);

        UsageRefusal? refusal = null;
        await EventuallyAsync(async () => (refusal = await Usage.BeginSpeechAsync(key, default)) is not null);

        var midnight = TimeSpan.FromDays(1) - TimeProvider.System.GetUtcNow().TimeOfDay;
        Assert.Equal(UsageLimit.AudioMinutesPerDay, refusal!.Value.Limit);
        Assert.InRange(refusal.Value.RetryAfter, midnight - TimeSpan.FromSeconds(30), midnight + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task CheckSound_CountsNothingAndIsRefusedWhenTheDayIsUsedUp()
    {
        var key = Key(new KeyLimits(AudioMinutesPerDay: 1, Concurrent: 1));
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await Usage.CheckSoundAsync(key, default));
        }

        Assert.Null(await Usage.BeginSpeechAsync(key, default));
        Usage.Produced(key, 60);

        await EventuallyAsync(async () => (await Usage.CheckSoundAsync(key, default))?.Limit == UsageLimit.AudioMinutesPerDay);
    }

    [Fact]
    public async Task Key_WithoutLimits_IsNeverRefused()
    {
        var key = Key(KeyLimits.None);
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(await Usage.TakeRequestAsync(key, default));
            Assert.Null(await Usage.BeginSpeechAsync(key, default));
            Usage.Produced(key, 1000);
        }
    }

    protected static ApiKey Key(KeyLimits limits) =>
        new() { Id = KeyText.New().Id, Tenant = "acme", Created = default, SecretSha256 = new string('0', 64), Limits = limits };

    protected static async Task EventuallyAsync(Func<Task<bool>> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await reached())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }
}
