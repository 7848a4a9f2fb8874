using CosyOrleans.Frontend.Access;
using CosyOrleans.Frontend.Hosting;
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
}
