using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Service.Tenants;

/// <summary>Whom what jobs speak is charged to.</summary>
public sealed class JobCharges(KeyRing keys, IUsage usage)
{
    /// <summary>Null where nobody is charged: the job was ordered without a key.</summary>
    public JobCharge? Of(JobHeader job) => job.Key is { } id ? new JobCharge(id, keys, usage) : null;
}
