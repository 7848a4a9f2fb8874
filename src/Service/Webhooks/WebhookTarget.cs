using System.Net;
using System.Net.Sockets;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Service.Webhooks;

/// <summary>Which servers may be told about jobs: nobody can have this server knock at doors that only it can reach.</summary>
internal static class WebhookTarget
{
    private const int MaxLength = 2048;

    private static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    // Of IPv6 only what is given out to the public; of that not what leads to IPv4 addresses or is for examples.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] ClosedOfGlobal = [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("3fff::/20")];

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
    public static bool MayReach(IPAddress address, JobsOptions options) => options.PrivateWebhooks || IsPublic(address);

    private static bool IsPublic(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Closed.Any(network => network.Contains(address))
            : address.ScopeId == 0 && Global.Contains(address) && !ClosedOfGlobal.Any(network => network.Contains(address));
    }
}
