using System.Net;
using System.Net.Sockets;

namespace CosyOrleans.Service.Outbound;

/// <summary>Which addresses are on the public internet, and nobody's own network, machine or neighbour.</summary>
public static class PublicAddresses
{
    // IANA's special-purpose registries, without what is only reserved for the whole: multicast and 240/4 stand at the end.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Everything assigned is in 2000::/3; these lie in it and lead elsewhere, or nowhere.
    private static readonly IPNetwork Assigned = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublicSix = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !NotPublic.Any(network => network.Contains(address))
            : Assigned.Contains(address) && !NotPublicSix.Any(network => network.Contains(address));
    }
}
