using CosyOrleans.Grains.Jobs;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Synthesis;
using Orleans.Storage;

namespace CosyOrleans.Grains.Tests.Jobs;

/// <summary>What jobs need of their silos.</summary>
/// <param name="States">Where they are kept.</param>
/// <param name="Synthesis">Speaks for them.</param>
internal sealed record TestJobs(string Data, KeptStates States, ISynthesis Synthesis, TimeProvider Time);

internal static class TestJobsExtensions
{
    public static void AddJobs(this ISiloBuilder silo, TestJobs? jobs)
    {
        silo.UseInMemoryReminderService();
        silo.Services.AddSingleton(new JobGrainOptions(jobs?.Data ?? "none"));
        silo.Services.AddKeyedSingleton<IGrainStorage>(JobGrainOptions.Storage, jobs?.States ?? new KeptStates());
        silo.Services.AddSingleton(new JobsOptions { PrivateWebhooks = true, PlainWebhooks = true });
        if (jobs is not null)
        {
            silo.Services.AddSingleton(jobs.Synthesis);
        }
    }
}
