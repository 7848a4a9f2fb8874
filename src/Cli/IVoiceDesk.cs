using CosyOrleans.Service.Voices;

namespace CosyOrleans.Cli;

/// <summary>Port: where cosy voices does its work, a data folder or a running server. It says what it did.</summary>
internal interface IVoiceDesk : IDisposable
{
    Task ListAsync(CancellationToken cancellationToken);

    /// <param name="name">Of the file, without a folder.</param>
    /// <param name="content">The whole file.</param>
    Task ImportAsync(string name, byte[] content, VoiceChoice choice, CancellationToken cancellationToken);

    /// <summary>Makes a voice from a recording.</summary>
    /// <param name="name">Of the file, without a folder.</param>
    /// <param name="described">Its id, name, owner, transcript and consent.</param>
    Task AddAsync(string name, byte[] recording, VoiceProfile described, CancellationToken cancellationToken);

    Task ShowAsync(string id, CancellationToken cancellationToken);

    Task UpdateAsync(string id, VoiceChange change, CancellationToken cancellationToken);

    /// <returns>An <see cref="ExportedVoice"/>.</returns>
    Task<byte[]> ExportAsync(string id, CancellationToken cancellationToken);

    Task DeleteAsync(string id, CancellationToken cancellationToken);
}
