using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Hosting;

/// <summary>What is put around the ports, the innermost first, before they are divided among callers.</summary>
internal static class PortLayers
{
    /// <summary>Puts something around whatever speaks so far, for everybody.</summary>
    public static void Surround(this IServiceCollection services, Func<IServiceProvider, ISynthesis, ISynthesis> make)
    {
        var inner = services.Take<ISynthesis>();
        services.AddSingleton(provider => make(provider, inner(provider)));
    }

    /// <summary>Takes a port out of the services; whoever does so makes it, once.</summary>
    /// <exception cref="InvalidOperationException">It was divided among callers already.</exception>
    public static Func<IServiceProvider, T> Take<T>(this IServiceCollection services)
        where T : class
    {
        var port = services.Last(service => service.ServiceType == typeof(T) && !service.IsKeyedService);
        if (port.Lifetime != ServiceLifetime.Singleton)
        {
            throw new InvalidOperationException($"{typeof(T).Name} belongs to one caller already.");
        }

        services.Remove(port);
        return provider => (T)(
            port.ImplementationInstance
            ?? port.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, port.ImplementationType!));
    }
}
