namespace CosyOrleans.Frontend.WebSockets;

/// <summary>A protocol on one connection.</summary>
internal interface ISocketTalk : IAsyncDisposable
{
    /// <summary>Completes when nothing is being spoken.</summary>
    Task Speaking { get; }

    /// <summary>Follows a message, or tells the client why not. One at a time.</summary>
    ValueTask TakeAsync(bool isText, ReadOnlyMemory<byte> message);

    /// <summary>Ends what is being spoken.</summary>
    Task StopAsync();
}
