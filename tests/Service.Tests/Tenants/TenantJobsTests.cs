using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Local;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Tests.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Tenants;

/// <summary>A tenant's jobs are like any others.</summary>
public sealed class TenantJobsTests : JobsPortTests
{
    private LocalJobs _jobs = null!;

    private protected override IJobs Jobs => new TenantJobs(_jobs, new TenantScope("acme"));

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

    [Fact]
    public async Task Start_Again_JobsOfTenantsAreStillTheirs()
    {
        await SubmitAsync("""["a"]""");
        await WhenAsync();
        await _jobs.DisposeAsync();

        _jobs = new LocalJobs(Data, Scripted, Time, NullLoggerFactory.Instance, options: Options);
        await _jobs.StartAsync(goOn: true, default);

        Assert.Equal("job", Assert.Single(await Jobs.ListAsync(default)).Header.Id);
        Assert.Empty(await new TenantJobs(_jobs, TenantScope.Shared).ListAsync(default));
        Assert.Null(await new TenantJobs(_jobs, TenantScope.Shared).FindAsync("job", default));
    }
}
