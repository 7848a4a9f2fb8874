namespace CosyOrleans.Grains.Voices;

/// <summary>What is stored of the list of voices.</summary>
[GenerateSerializer, Immutable, Alias("cosy.VoiceIndexState")]
public sealed record VoiceIndexState
{
    [Id(0)]
    public VoiceEntry[] Entries { get; init; } = [];

    public VoiceEntry? Find(string id) => Array.Find(Entries, entry => entry.Id == id);

    public VoiceIndexState With(VoiceEntry entry) => new() { Entries = [.. Without(entry.Id).Entries, entry] };

    public VoiceIndexState Without(string id) => new() { Entries = [.. Entries.Where(entry => entry.Id != id)] };
}
