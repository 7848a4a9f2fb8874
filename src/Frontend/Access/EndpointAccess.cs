namespace CosyOrleans.Frontend.Access;

/// <summary>Who may use an endpoint of a server that asks for keys. Without it: whoever has a key.</summary>
internal enum EndpointAccess
{
    /// <summary>Nothing that is anybody's.</summary>
    Everybody,

    /// <summary>Only keys of whoever runs the server, which belong to no tenant.</summary>
    Operator,
}

internal static class EndpointAccessExtensions
{
    public static T OpenTo<T>(this T endpoints, EndpointAccess access)
        where T : IEndpointConventionBuilder => endpoints.WithMetadata(access);
}
