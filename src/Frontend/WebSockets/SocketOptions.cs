using System.ComponentModel.DataAnnotations;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>Connections on which texts are spoken while they are being written.</summary>
public sealed class SocketOptions
{
    /// <summary>Seconds between two pings to a client. 1 to 60, default 15.</summary>
    [Range(1, 60)]
    public int PingSeconds { get; init; } = 15;

    /// <summary>
    /// Seconds after which a client that has answered no ping counts as gone. A client that plays what it reads answers when it
    /// has read so far, so this is more than connections hold on their way. 1 to 3,600, default 120.
    /// </summary>
    [Range(1, 3600)]
    public int GoneSeconds { get; init; } = 120;

    /// <summary>Seconds that a client has to close after the server did. 1 to 60, default 10.</summary>
    [Range(1, 60)]
    public int GoodbyeSeconds { get; init; } = 10;

    /// <summary>Seconds without any text after which a text that has not ended fails. 1 to 600, default 30.</summary>
    [Range(1, 600)]
    public int TextIdleSeconds { get; init; } = 30;
}
