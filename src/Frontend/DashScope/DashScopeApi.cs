using CosyOrleans.Service.Outbound;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>Everything that DashScope's clients for CosyVoice use.</summary>
internal static class DashScopeApi
{
    public static void AddDashScope(this IServiceCollection services) => services.AddSingleton(provider => new PublicDownload(provider.GetRequiredService<TimeProvider>()));

    public static void MapDashScope(this IEndpointRouteBuilder app)
    {
        app.MapDashScopeSocket();
        app.MapDashScopeSpeech();
        app.MapDashScopeVoices();
    }
}
