using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace CosyOrleans.Cli.Cluster;

/// <summary>Asks a member how it is.</summary>
internal static class MemberHealth
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    public static async Task<bool> IsReadyAsync(Member member, CancellationToken cancellationToken) =>
        (await AskAsync(member, cancellationToken)).Ready;

    /// <summary>Whether it can be used now, and one line about its load.</summary>
    public static async Task<(bool Ready, string Says)> AskAsync(Member member, CancellationToken cancellationToken)
    {
        try
        {
            if (member.Kind == MemberKind.Database)
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", member.Port, cancellationToken).AsTask().WaitAsync(Http.Timeout, cancellationToken);
                return (true, "");
            }

            using var answer = await Http.GetAsync($"http://127.0.0.1:{member.Port}/readyz", cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            return (answer.IsSuccessStatusCode, Load(body));
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or TimeoutException or JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (false, "");
        }
    }

    private static string Load(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty("devices", out var devices)
            ? string.Join("; ", devices.EnumerateArray().Select(Describe))
            : "";
    }

    private static string Describe(JsonElement device) => string.Create(
        CultureInfo.InvariantCulture,
        $"{device.GetProperty("name").GetString()} {device.GetProperty("state").GetString()}, {device.GetProperty("running").GetInt32()} running, {device.GetProperty("queued").GetInt32()} queued, {device.GetProperty("capacity").GetDouble():0.0} s/s");
}
