using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Grains.Tenants;

[GenerateSerializer, Immutable, Alias("cosy.RefusalMessage")]
public sealed record RefusalMessage([property: Id(0)] int Limit, [property: Id(1)] int Most, [property: Id(2)] TimeSpan RetryAfter)
{
    public static RefusalMessage? From(UsageRefusal? refusal) => refusal is { } said ? new((int)said.Limit, said.Most, said.RetryAfter) : null;

    public UsageRefusal ToRefusal() => new((UsageLimit)Limit, Most, RetryAfter);
}
