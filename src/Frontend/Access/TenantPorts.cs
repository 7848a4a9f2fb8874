using CosyOrleans.Frontend.Hosting;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Access;

/// <summary>Keys, and the ports as the caller of a request may see them. Whoever works for nobody in particular takes the whole ports.</summary>
internal static class TenantPorts
{
    /// <summary>The key of the whole ports.</summary>
    public const string Whole = "whole";

    /// <summary>Comes after the ports.</summary>
    public static void AddTenants(this IServiceCollection services)
    {
        services.AddSingleton(provider => new KeyFile(provider.GetRequiredService<FrontendOptions>().Data, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<JobCharges>();
        services.AddScoped<Caller>();
        services.AddPerCaller<ISynthesis>((whole, caller, services) =>
        {
            var own = new TenantSynthesis(whole, caller.Scope);
            return caller.Key is { } key ? new LimitedSynthesis(own, key, services.GetRequiredService<KeyRing>(), services.GetRequiredService<IUsage>(), caller.IsConnected) : own;
        });
        services.AddPerCaller<IVoices>((whole, caller, _) => new TenantVoices(whole, caller.Scope));
        services.AddPerCaller<IJobs>((whole, caller, _) => new TenantJobs(whole, caller.Scope, caller.Key));
    }

    /// <summary>The usage of keys, counted by this process alone.</summary>
    public static void AddLocalUsage(this IServiceCollection services)
    {
        services.AddSingleton(provider => new LocalUsage(
            provider.GetRequiredService<FrontendOptions>().Data, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LocalUsage>>()));
        services.AddSingleton<IUsage>(provider => provider.GetRequiredService<LocalUsage>());
        services.AddHostedService<UsageWriter>();
    }

    private static void AddPerCaller<T>(this IServiceCollection services, Func<T, Caller, IServiceProvider, T> view)
        where T : class
    {
        var whole = services.Take<T>();
        services.AddKeyedSingleton(Whole, (provider, _) => whole(provider));
        services.AddScoped(provider => view(provider.GetRequiredKeyedService<T>(Whole), provider.GetRequiredService<Caller>(), provider));
    }
}
