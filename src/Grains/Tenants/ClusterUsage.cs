using System.Collections.Concurrent;
using CosyOrleans.Service.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Tenants;

/// <summary>
/// The usage of keys through all frontends of a cluster, and through the silos, which speak what jobs say; added up by a grain for each
/// key. Where that does not answer at once, this process goes by what it has seen itself: nothing that wants to be spoken waits for
/// one grain.
/// </summary>
/// <param name="cluster">The way to the grains; null while there is none.</param>
/// <param name="patience">How long a grain may take; null for 200 ms.</param>
public sealed partial class ClusterUsage(Func<IGrainFactory?> cluster, TimeProvider time, ILogger<ClusterUsage> logger, TimeSpan? patience = null) : BackgroundService, IUsage
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(1);

    // Once it did not answer, it is not asked for so long, lest each speech wait for it anew.
    private static readonly TimeSpan Mistrust = TimeSpan.FromSeconds(2);

    private readonly string _frontend = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, Counted> _keys = [];

    public async ValueTask<UsageRefusal?> TakeRequestAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (key.Limits.RequestsPerMinute is not { } perMinute)
        {
            return null;
        }

        var counted = Of(key);
        var here = counted.Own.TakeRequest(key.Limits, time.GetUtcNow());
        var (isKnown, refusal) = await AskAsync(key.Id, counted, grain => grain.TakeRequest(perMinute), cancellationToken);
        return isKnown ? refusal : here;
    }

    public async ValueTask<UsageRefusal?> BeginSpeechAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var counted = Of(key);
        var running = counted.Own.Reserve(time.GetUtcNow()); // Before asking, so that no report on its way says otherwise.
        if (key.Limits is { AudioMinutesPerDay: null, Concurrent: null })
        {
            return null;
        }

        var isKnown = false;
        UsageRefusal? refusal = null;
        try
        {
            (isKnown, refusal) = await AskAsync(
                key.Id, counted, grain => grain.BeginSpeech(_frontend, running, key.Limits.AudioMinutesPerDay, key.Limits.Concurrent), cancellationToken);
        }
        finally
        {
            if (!isKnown || refusal is not null)
            {
                counted.Own.EndSpeech(time.GetUtcNow());
            }
        }

        return isKnown ? refusal : counted.Own.BeginSpeech(key.Limits, time.GetUtcNow());
    }

    public async ValueTask<UsageRefusal?> CheckSoundAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (key.Limits.AudioMinutesPerDay is not { } minutes)
        {
            return null;
        }

        var counted = Of(key);
        var (isKnown, refusal) = await AskAsync(key.Id, counted, grain => grain.CheckSound(minutes), cancellationToken);
        return isKnown && refusal is not null ? refusal : counted.Own.CheckSound(key.Limits, time.GetUtcNow());
    }

    public void Produced(ApiKey key, double seconds) => Of(key).Own.Produced(seconds, time.GetUtcNow());

    public void EndSpeech(ApiKey key) => Of(key).Own.EndSpeech(time.GetUtcNow());

    /// <summary>Tells the grains what has changed since they last heard of it, and what is under way.</summary>
    internal async Task ReportAsync(CancellationToken cancellationToken) => await Task.WhenAll(_keys.Select(async key =>
    {
        var report = key.Value.Own.Report(time.GetUtcNow());
        if ((report == key.Value.Told && report.Running == 0) || cluster() is not { } grains)
        {
            return;
        }

        try
        {
            await grains.GetGrain<IKeyUsageGrain>(key.Key).Report(_frontend, report.Running, report.Day.DayNumber, report.Seconds).WaitAsync(BetweenReports, time, cancellationToken);
            key.Value.Told = report;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnheard(key.Key, e.Message);
        }
    }));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ReportAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenReports, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ReportAsync(stoppingToken);
        }
    }

    private Counted Of(ApiKey key) => _keys.GetOrAdd(key.Id, _ => new Counted(new OwnUsage(_frontend)));

    private async ValueTask<(bool IsKnown, UsageRefusal? Refusal)> AskAsync(
        string id, Counted counted, Func<IKeyUsageGrain, Task<RefusalMessage?>> ask, CancellationToken cancellationToken)
    {
        if (cluster() is not { } grains || !counted.IsTrusted(time))
        {
            return (false, null);
        }

        try
        {
            return (true, (await ask(grains.GetGrain<IKeyUsageGrain>(id)).WaitAsync(patience ?? UsualPatience, time, cancellationToken))?.ToRefusal());
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            counted.Mistrust(time, Mistrust);
            LogUnanswered(id, e.Message);
            return (false, null);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The usage of key {Key} is not known at the moment; what was asked for here counts: {Reason}")]
    private partial void LogUnanswered(string key, string reason);

    [LoggerMessage(2, LogLevel.Debug, "The usage of key {Key} could not be told: {Reason}")]
    private partial void LogUnheard(string key, string reason);

    private sealed class Counted(OwnUsage own)
    {
        private long? _mistrustedUntil;

        public OwnUsage Own { get; } = own;

        /// <summary>Null: nothing yet.</summary>
        public UsageReport? Told { get; set; }

        public bool IsTrusted(TimeProvider time) => _mistrustedUntil is not { } until || time.GetTimestamp() >= until;

        public void Mistrust(TimeProvider time, TimeSpan period) =>
            _mistrustedUntil = time.GetTimestamp() + (long)(period.TotalSeconds * time.TimestampFrequency);
    }
}
