using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Ports;

public sealed class LocalJobsPortTests : JobsPortTests
{
    private LocalJobs _jobs = null!;

    private protected override IJobs Jobs => _jobs;

    public override async Task InitializeAsync()
    {
        _jobs = new LocalJobs(Data, Scripted, Time, NullLoggerFactory.Instance, options: Options);
        await _jobs.StartAsync(goOn: true, default);
    }

    public override async Task DisposeAsync()
    {
        await _jobs.DisposeAsync();
        await base.DisposeAsync();
    }
}
