using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;

namespace CosyOrleans.Frontend.Hosting;

/// <summary>How the web server and its console log behave.</summary>
internal static class ServerSetup
{
    // The pipeline answers at its own, lower limits in the usual shape; beyond these the server only hangs up.
    private const int HardLimitBytes = 128 * 1024;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    public static void ListenAsConfigured(this WebApplicationBuilder builder, FrontendOptions options)
    {
        builder.WebHost.UseUrls(options.Urls);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.MaxRequestLineSize = HardLimitBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = HardLimitBytes;
            kestrel.Limits.MaxRequestBufferSize = 2 * HardLimitBytes;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = IdleTimeout;
        });
    }

    public static void LogQuietly(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.ColorBehavior = LoggerColorBehavior.Default;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        // Says for every message to a silo that died that it could not be sent.
        builder.Logging.AddFilter("Orleans.Messaging.ClientMessageCenter", LogLevel.Critical);
        // These two print a stack trace for what RunAsync says in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<LoggerFilterOptions>(filters => filters.Rules.Add(new LoggerFilterRule(
            null,
            "Microsoft.AspNetCore.Server.Kestrel",
            LogLevel.Warning,
            (_, category, _) => category != "Microsoft.AspNetCore.Server.Kestrel")));
    }
}
