using System.Globalization;
using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Jobs;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Tests.Ports;
using Orleans.Runtime.Placement;
using Orleans.Storage;

namespace CosyOrleans.Grains.Tests.Jobs;

/// <summary>Jobs that lose their silo or their database and go on.</summary>
public sealed class ClusterJobsFaultTests : JobsTests
{
    private readonly KeptStates _states = new();
    private TestCluster _cluster = null!;

    private protected override IJobs Jobs => _cluster.Frontend.GetRequiredService<IJobs>();

    private IBatchJobGrain Grain => _cluster.Frontend.GetRequiredService<ClusterConnection>().Require().GetGrain<IBatchJobGrain>("job");

    public override async Task InitializeAsync() =>
        _cluster = await TestCluster.StartAsync(2, jobs: new TestJobs(Data, _states, Scripted, Time));

    public override async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Silo_ThatHoldsTheJob_IsLost_AnotherGoesOnAndWhatWasDoneStays()
    {
        var gate = new TaskCompletionSource();
        Scripted.Before = (text, _, token) => int.Parse(text[1..], CultureInfo.InvariantCulture) <= 20 ? Task.CompletedTask : gate.Task.WaitAsync(token);
        await PlaceAsync(_cluster.Silos[1]);
        await SubmitAsync(Many(300), inFlight: 8);
        await WhenAsync(job => job.Counts.Done == 20);
        var reading = WhenAsync();

        await _cluster.Silos[1].KillAsync();
        gate.SetResult();
        var status = await reading;

        Assert.Equal((JobPhase.Completed, new JobCounts(300, 0, 0, 300, 0)), (status.Phase, status.Counts));
        Assert.All(Enumerable.Range(1, 20), number => Assert.Equal(1, Scripted.Attempts[$"t{number}"]));
        Assert.All((await Jobs.ItemsAsync("job", 1, 300, null, default))!, entry => Assert.Empty(entry.State.Attempts));
        Assert.Equal(300, Directory.GetFiles(Path.Combine(Data, "jobs", "job", "out")).Length);
    }

    [Fact]
    public async Task Job_WhoseStateSomebodyElseChanged_StopsAndGoesOnWithItsReminder()
    {
        var gate = new TaskCompletionSource();
        Scripted.Before = (_, _, token) => gate.Task.WaitAsync(token);
        await SubmitAsync(Many(10), inFlight: 2);
        await WhenBegunAsync(2);
        Assert.Equal(1, await RemindersAsync());
        // Whoever follows the job must not keep it from stopping.
        var followed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = WhenAsync(_ =>
        {
            followed.TrySetResult();
            return false;
        });
        await followed.Task;
        await Jobs.FindAsync("job", default); // Meanwhile they wait for the next event.

        _states.BeforeWrite = name => name == "states" ? throw new InconsistentStateException("somebody else was quicker") : Task.CompletedTask;
        gate.SetResult();
        // More writes have failed than items were under way: it has stopped and begun again.
        await RemindUntilAsync(() => _states.Failed > 2 * _cluster.Silos.Count);
        _states.BeforeWrite = _ => Task.CompletedTask;
        await RemindUntilAsync(() => end.IsCompleted);

        Assert.Equal((JobPhase.Completed, 10), ((await end).Phase, (await end).Counts.Done));
        using var patience = new CancellationTokenSource(Patience);
        while (await RemindersAsync() > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Database_ThatIsAwayForAWhile_LosesNothing()
    {
        var failures = 0;
        Scripted.Before = (text, _, _) =>
        {
            if (text == "t20")
            {
                _states.BeforeWrite = _ => Interlocked.Increment(ref failures) <= 12 ? throw new IOException("no connection") : Task.CompletedTask;
            }

            return Task.CompletedTask;
        };

        await SubmitAsync(Many(600), inFlight: 8);

        Assert.Equal((JobPhase.Completed, 600), await EndAsync());
        Assert.True(failures > 12);
        Assert.All(Scripted.Attempts.Values, attempts => Assert.Equal(1, attempts));
    }

    [Fact]
    public async Task Submit_WhileTheDatabaseIsAway_SaysSoAndSucceedsLater()
    {
        _states.BeforeWrite = _ => throw new IOException("no connection");
        var error = await Assert.ThrowsAsync<SpeechException>(() => SubmitAsync(Many(3)));
        _states.BeforeWrite = _ => Task.CompletedTask;

        Assert.Equal(SpeechErrorKind.NotReady, error.Kind);
        await SubmitAsync(Many(3));
        Assert.Equal((JobPhase.Completed, 3), await EndAsync());
    }

    // The first call to a grain decides where it lives.
    private async Task PlaceAsync(TestSilo silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
        await Grain.Look();
        RequestContext.Clear();
    }

    // It comes sooner than it would by itself, and does nothing as long as the job has not noticed.
    private async Task RemindUntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Grain.AsReference<IRemindable>().ReceiveReminder("go-on", default);
            await Task.Yield();
        }
    }

    private async Task<int> RemindersAsync() =>
        (await _cluster.Silos[0].Services.GetRequiredService<IReminderTable>().ReadRows(Grain.GetGrainId())).Reminders.Count;

    private async Task<(JobPhase, int)> EndAsync()
    {
        var status = await WhenAsync();
        return (status.Phase, status.Counts.Done);
    }
}
