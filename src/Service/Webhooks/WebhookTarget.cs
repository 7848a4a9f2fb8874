using System.Net;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Outbound;

namespace CosyOrleans.Service.Webhooks;

/// <summary>Which servers may be told about jobs: nobody can have this server knock at doors that only it can reach.</summary>
internal static class WebhookTarget
{
    private const int MaxLength = 2048;

    /// <summary>Why a URL is not told anything, as a sentence; null when it can be tried. Its host's addresses are checked when it is.</summary>
    public static string? WhyNot(string url, JobsOptions options)
    {
        if (url.Length > MaxLength || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Scheme is not ("http" or "https"))
        {
            return $"webhook {Quoted.Value(url)} is no URL of a web server.";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "webhook holds a user name or password.";
        }

        if (uri.Scheme == "http" && !options.PlainWebhooks)
        {
            return $"webhook {Quoted.Value(url)} is not https.";
        }

        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && !MayReach(address, options)
            ? $"webhook {Quoted.Value(url)} leads to an address of a private network."
            : null;
    }

    /// <summary>Whether this server may connect to an address.</summary>
    public static bool MayReach(IPAddress address, JobsOptions options) => options.PrivateWebhooks || PublicAddresses.Contains(address);
}
