using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Frontend.Access;

/// <summary>Who a request comes from. One for each request; set before anything else asks.</summary>
internal sealed class Caller
{
    /// <summary>Null where nobody has to show one.</summary>
    public ApiKey? Key { get; set; }

    /// <summary>Whether it asks for a connection, on which speeches follow that are requests of their own.</summary>
    public bool IsConnected { get; set; }

    public TenantScope Scope => Key?.Scope ?? TenantScope.Shared;
}
