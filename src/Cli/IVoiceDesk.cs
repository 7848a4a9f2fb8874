namespace CosyOrleans.Cli;

/// <summary>Port: where cosy voices does its work, a data folder or a running server. It says what it did.</summary>
internal interface IVoiceDesk : IDisposable
{
    Task ListAsync(CancellationToken cancellationToken);

    /// <param name="id">Null: what the file says.</param>
    Task ImportAsync(string path, string? id, CancellationToken cancellationToken);

    Task DeleteAsync(string id, CancellationToken cancellationToken);
}
