using System.Text.Json.Serialization;

namespace CosyOrleans.Client;

/// <summary>A job as a server shows it.</summary>
/// <param name="Status">running, paused, cancelled or completed.</param>
/// <param name="Problem">Why it stopped by itself; null otherwise.</param>
/// <param name="Waiting">What its items wait for, where that may take until tomorrow; null otherwise.</param>
/// <param name="Assembly">The one sound of all items; null where none was ordered.</param>
public sealed record RemoteJob(string Id, string Status, RemoteJobCounts Items, string? Problem, string? Waiting, RemoteAssembly? Assembly)
{
    /// <summary>Whether every item is done or failed.</summary>
    [JsonIgnore]
    public bool IsFinished => Status is "completed" or "cancelled";
}

/// <summary>How many items are where.</summary>
public sealed record RemoteJobCounts(int Total, int Pending, int Running, int Done, int Failed);

/// <param name="Format">wav, flac or m4b.</param>
/// <param name="Status">pending, running, done or failed.</param>
/// <param name="Seconds">Length of the sound, when it is done.</param>
/// <param name="Error">Why it failed, where it did.</param>
public sealed record RemoteAssembly(string Format, string Status, double? Seconds, int? Chapters, string? Error, string? Message);

/// <param name="Number">Place in the job, from 1.</param>
/// <param name="Name">Of its output.</param>
/// <param name="Status">pending, running, done or failed.</param>
/// <param name="Bytes">Size of its output, when it is done.</param>
/// <param name="Attempts">What went wrong, oldest first.</param>
public sealed record RemoteItem(int Number, string Name, string Status, long? Bytes, IReadOnlyList<RemoteAttempt>? Attempts);

/// <param name="Error">The server's error code.</param>
public sealed record RemoteAttempt(string Error, string Message);
