using System.Globalization;
using System.Runtime.Versioning;

namespace CosyOrleans.Cli.Cluster;

/// <summary>
/// Keeps the processes of a local cluster running: starts what does not run, later each time it dies soon. Reads the plan
/// again and again, so members may be added; takes over what an earlier supervisor has started. Stops nothing itself.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class Supervisor(ClusterFolder folder, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, Attempt> _attempts = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ProcessIdentity.Of(Environment.ProcessId)!.Write(folder.File("supervisor.pid"));
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var member in folder.Members())
            {
                Keep(member);
            }

            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How long to wait before the next start of something that lived so long after its last one.</summary>
    internal static TimeSpan NextPause(TimeSpan pause, TimeSpan lived) =>
        lived >= Healthy ? ShortestPause : TimeSpan.FromTicks(Math.Min(2 * Math.Max(pause.Ticks, ShortestPause.Ticks / 2), LongestPause.Ticks));

    private void Keep(MemberProcess member)
    {
        var name = member.Member.Name;
        if (member.Running is not null)
        {
            return;
        }

        if (!_attempts.TryGetValue(name, out var attempt))
        {
            Start(member, TimeSpan.Zero);
        }
        else if (attempt.DiedAt is not { } diedAt)
        {
            var pause = NextPause(attempt.Pause, time.GetElapsedTime(attempt.StartedAt));
            Say(string.Create(CultureInfo.InvariantCulture, $"{name} has ended; it is started again in {pause.TotalSeconds} s"));
            _attempts[name] = attempt with { DiedAt = time.GetTimestamp(), Pause = pause };
        }
        else if (time.GetElapsedTime(diedAt) >= attempt.Pause)
        {
            Start(member, attempt.Pause);
        }
    }

    private void Start(MemberProcess member, TimeSpan pause)
    {
        member.Start();
        Say($"{member.Member.Name} was started, process {member.Running?.Id}");
        _attempts[member.Member.Name] = new Attempt(time.GetTimestamp(), pause, null);
    }

    private void Say(string what) => Console.WriteLine($"{time.GetLocalNow():HH:mm:ss} {what}");

    private sealed record Attempt(long StartedAt, TimeSpan Pause, long? DiedAt);
}
