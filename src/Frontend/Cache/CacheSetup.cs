using CosyOrleans.Frontend.Access;
using CosyOrleans.Service.Cache;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Cache;

/// <summary>Puts the cache before whatever speaks.</summary>
internal static class CacheSetup
{
    /// <summary>After <see cref="ISynthesis"/> was added; nothing where no sounds are to be kept.</summary>
    public static void AddAudioCache(this IServiceCollection services, CacheOptions options)
    {
        if (options.Megabytes == 0)
        {
            return;
        }

        services.AddSingleton(provider => new AudioCache(
            provider.GetRequiredService<FrontendOptions>().Data,
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AudioCache>>()));
        services.AddSingleton<CacheInstruments>();
        services.Surround((provider, inner) => new CachedSynthesis(
            inner,
            provider.GetRequiredService<AudioCache>(),
            provider.GetRequiredService<INodes>(),
            provider.GetRequiredKeyedService<IVoices>(TenantPorts.Whole),
            provider.GetRequiredService<CacheInstruments>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Puts something around whatever speaks so far, for everybody: before the ports are divided among callers.</summary>
    public static void Surround(this IServiceCollection services, Func<IServiceProvider, ISynthesis, ISynthesis> make)
    {
        var inner = services.Last(service => service.ServiceType == typeof(ISynthesis));
        if (inner.Lifetime != ServiceLifetime.Singleton)
        {
            throw new InvalidOperationException("What speaks belongs to one caller already.");
        }

        services.Remove(inner);
        services.AddSingleton(provider => make(
            provider,
            (ISynthesis)(inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }
}
