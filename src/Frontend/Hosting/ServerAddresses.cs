using System.Net;
using System.Net.Sockets;
using CosyOrleans.Hosting;
using CosyOrleans.Service.Errors;
using Microsoft.AspNetCore.Connections;

namespace CosyOrleans.Frontend.Hosting;

/// <summary>Where the server may listen, and what to say when it cannot.</summary>
internal static class ServerAddresses
{
    public static IEnumerable<Violation> Check(FrontendOptions options)
    {
        foreach (var url in Urls(options))
        {
            if (!TryParse(url, out var address))
            {
                yield return new Violation(
                    OptionsReader.InvalidCode,
                    $"{Quoted.Value(url)} is not an address to listen on.",
                    "Give one such as http://127.0.0.1:8080.");
            }
            else if (!options.AllowRemote && !IsLoopback(address.Host))
            {
                yield return new Violation(
                    "BIND_NOT_ALLOWED",
                    $"{url} can be reached from other machines.",
                    "Listen on 127.0.0.1, or allow it with --allow-remote; then everybody has to show a key, which cosy keys create makes.");
            }
        }
    }

    /// <summary>Whether everybody has to show a key.</summary>
    public static bool RequireKeys(FrontendOptions options) =>
        options.RequireKeys || Urls(options).Any(url => !(TryParse(url, out var address) && IsLoopback(address.Host)));

    /// <summary>Whether a host, as in a URL or a Host header without its port, can only mean this machine.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Explains a failure to listen; null when the failure is about something else.</summary>
    public static Violation? WhyNotBound(IOException failure) => failure.InnerException switch
    {
        AddressInUseException => new Violation(
            "PORT_IN_USE",
            $"{Reason(failure)}.",
            "Stop the program that uses the port (another cosy, perhaps), or choose another port with --port."),
        SocketException => NotAvailable(failure),
        _ => failure.Message.StartsWith("Failed to bind", StringComparison.Ordinal) ? NotAvailable(failure) : null,
    };

    private static Violation NotAvailable(IOException failure) => new(
        "ADDRESS_NOT_AVAILABLE", $"{Reason(failure)}.", "Choose an address of this machine and a port that this user may use.");

    private static string Reason(IOException failure) => failure.Message.TrimEnd('.');

    private static string[] Urls(FrontendOptions options) =>
        options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool TryParse(string url, out BindingAddress address)
    {
        try
        {
            address = BindingAddress.Parse(url);
            return address.Scheme == "http" && address.PathBase.Length == 0 && address.Port is >= 0 and <= IPEndPoint.MaxPort;
        }
        catch (FormatException)
        {
            address = null!;
            return false;
        }
    }
}
