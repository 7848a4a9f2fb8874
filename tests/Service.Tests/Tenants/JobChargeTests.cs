using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Local;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Tests.Jobs;
using CosyOrleans.Service.Tests.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Tenants;

public sealed class JobChargeTests : JobChargePortTests
{
    private LocalUsage _usage = null!;
    private LocalJobs _jobs = null!;

    private protected override IJobs All => _jobs;

    private protected override IUsage Usage => _usage;

    private protected override Task StartAsync()
    {
        _usage = new LocalUsage(Data, TimeProvider.System, NullLogger<LocalUsage>.Instance);
        var ring = new KeyRing(Keys, TimeProvider.System, NullLogger<KeyRing>.Instance);
        _jobs = new LocalJobs(Data, Synthesis, new HurriedTime(), NullLoggerFactory.Instance, charges: new JobCharges(ring, _usage));
        return _jobs.StartAsync(goOn: true, default);
    }

    public override async Task DisposeAsync()
    {
        await _jobs.DisposeAsync();
        await base.DisposeAsync();
    }
}
