using CosyOrleans.Frontend.Tests.DashScope;
using CosyOrleans.Frontend.Tests.WebSockets;

namespace CosyOrleans.Frontend.Tests;

/// <summary>Clients of a server of the tests; they themselves know only addresses.</summary>
internal static class ConnectedClients
{
    extension(TalkingClient)
    {
        public static Task<TalkingClient> ConnectAsync(CosyServer server, string path = "/v1/tts/ws") =>
            TalkingClient.ConnectAsync(server.Client.BaseAddress!, path);
    }
}

/// <inheritdoc cref="ConnectedClients"/>
internal static class ConnectedDashScopeClients
{
    extension(DashScopeClient)
    {
        public static Task<DashScopeClient> ConnectAsync(CosyServer server, string path = "/api-ws/v1/inference") =>
            DashScopeClient.ConnectAsync(server.Client.BaseAddress!, path);
    }
}
