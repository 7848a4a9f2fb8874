namespace CosyOrleans.Service.Synthesis;

/// <summary>A speech whose first frame exists. Disposing it stops what is still being generated and frees its place.</summary>
public sealed class Speech(SpeechDetails details, IAsyncEnumerable<AudioFrame> frames, Func<ValueTask> stop) : IAsyncDisposable
{
    public SpeechDetails Details { get; } = details;

    /// <summary>The frames in order; may be enumerated once.</summary>
    public IAsyncEnumerable<AudioFrame> Frames { get; } = frames;

    public ValueTask DisposeAsync() => stop();
}

/// <summary>What was decided for a speech: with the same version of the voice, seed and text it can be repeated exactly.</summary>
public sealed record SpeechDetails(string TaskId, string VoiceId, int Seed, int SampleRate)
{
    /// <summary>Of the catalogue's voice; 0 for a voice of the model.</summary>
    public int VoiceVersion { get; init; }

    /// <summary>Whether the sound was made for an earlier request, or for another at the same time; null where it could not have been.</summary>
    public bool? FromCache { get; init; }

    /// <summary>What was heard in the recordings that the request brought, for whoever goes on; null where it brought none.</summary>
    public HeardRecordings? Heard { get; init; }

    /// <summary>What could be better about the recording that the request brought, in whole sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
