using CosyOrleans.Grains.Voices;
using CosyOrleans.Service.Tenants;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace CosyOrleans.Grains.Tenants;

/// <summary>
/// Adds up what frontends say of a key. Frontends that are busy with it say whole numbers every second, so that what this forgets
/// when its silo is lost it hears again; of one that is not, the last few seconds before that are forgiven.
/// </summary>
public sealed partial class KeyUsageGrain(
    [PersistentState("key-usage", VoiceStorage.Name)] IPersistentState<KeyUsageState> stored, TimeProvider time, ILogger<KeyUsageGrain> logger)
    : Grain, IKeyUsageGrain
{
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(5);

    // Frontends report every second.
    private readonly KeyUsage _usage = new(silence: TimeSpan.FromSeconds(10));
    private bool _changed;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var day = DateOnly.FromDayNumber(stored.State.Day);
        foreach (var (frontend, seconds) in stored.State.Seconds)
        {
            _usage.Report(frontend, new UsageReport(0, day, seconds), time.GetUtcNow());
        }

        this.RegisterGrainTimer(WriteAsync, new GrainTimerCreationOptions(BetweenWrites, BetweenWrites) { Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => WriteAsync(cancellationToken);

    public Task<RefusalMessage?> TakeRequest(int perMinute) =>
        Task.FromResult(RefusalMessage.From(_usage.TakeRequest(new KeyLimits(RequestsPerMinute: perMinute), time.GetUtcNow())));

    public Task<RefusalMessage?> BeginSpeech(string frontend, int running, int? minutesPerDay, int? concurrent) => Task.FromResult(RefusalMessage.From(
        _usage.BeginSpeech(new KeyLimits(AudioMinutesPerDay: minutesPerDay, Concurrent: concurrent), frontend, running, time.GetUtcNow())));

    public Task<RefusalMessage?> CheckSound(int minutesPerDay) =>
        Task.FromResult(RefusalMessage.From(_usage.CheckSound(new KeyLimits(AudioMinutesPerDay: minutesPerDay), time.GetUtcNow())));

    public Task Report(string frontend, int running, int day, double seconds)
    {
        _usage.Report(frontend, new UsageReport(running, DateOnly.FromDayNumber(day), seconds), time.GetUtcNow());
        _changed = true;
        return Task.CompletedTask;
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (!_changed)
        {
            return;
        }

        _changed = false;
        try
        {
            var day = UsageReport.DayOf(time.GetUtcNow());
            stored.State.Day = day.DayNumber;
            stored.State.Seconds = _usage.SecondsOf(day).ToDictionary(reported => reported.Server, reported => reported.Seconds);
            await stored.WriteStateAsync(cancellationToken);
        }
        catch (Exception e)
        {
            _changed = true;
            LogUnwritten(this.GetPrimaryKeyString(), e.Message);
            if (e is InconsistentStateException)
            {
                DeactivateOnIdle(); // Another activation counts as well; the frontends tell everything again to whichever stays.
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The usage of key {Key} cannot be stored; trying again: {Reason}")]
    private partial void LogUnwritten(string key, string reason);
}

[GenerateSerializer, Alias("cosy.KeyUsageState")]
public sealed class KeyUsageState
{
    /// <summary><see cref="DateOnly.DayNumber"/>, in UTC.</summary>
    [Id(0)]
    public int Day { get; set; }

    /// <summary>Of sound on that day, by frontend.</summary>
    [Id(1)]
    public Dictionary<string, double> Seconds { get; set; } = [];
}
