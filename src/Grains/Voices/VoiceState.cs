using CosyOrleans.Service.Voices;

namespace CosyOrleans.Grains.Voices;

/// <summary>What is stored of one voice. Immutable: a change is another state.</summary>
[GenerateSerializer, Immutable, Alias("cosy.VoiceState")]
public sealed record VoiceState
{
    /// <summary>Those kept, the newest last.</summary>
    [Id(0)]
    public VoiceMessage[] Versions { get; init; } = [];

    /// <summary>The highest version there ever was, also of what was deleted: a version never names two contents.</summary>
    [Id(1)]
    public int Last { get; init; }

    /// <param name="version">Null for the newest.</param>
    public VoiceMessage? Find(int? version) =>
        version is { } exact ? Array.Find(Versions, voice => voice.Version == exact) : Versions.LastOrDefault();

    public VoiceState With(VoiceMessage voice, DateTimeOffset created) => new()
    {
        Versions = [.. Versions.TakeLast(VoiceRules.KeptVersions - 1), voice with { Version = Last + 1, Created = created }],
        Last = Last + 1,
    };

    /// <summary>The newest version, which there is, with other words about it as the next one.</summary>
    public VoiceState With(VoiceChangeMessage change, DateTimeOffset created) => With(change.ApplyTo(Versions[^1]), created);

    public VoiceState Deleted() => this with { Versions = [] };
}
