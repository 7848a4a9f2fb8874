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

        var inner = services.Last(service => service.ServiceType == typeof(ISynthesis));
        services.Remove(inner);
        services.AddSingleton(provider => new AudioCache(
            provider.GetRequiredService<FrontendOptions>().Data,
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AudioCache>>()));
        services.AddSingleton<CacheInstruments>();
        services.AddSingleton<ISynthesis>(provider => new CachedSynthesis(
            (ISynthesis)(inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)),
            provider.GetRequiredService<AudioCache>(),
            provider.GetRequiredService<INodes>(),
            provider.GetRequiredService<IVoices>(),
            provider.GetRequiredService<CacheInstruments>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
