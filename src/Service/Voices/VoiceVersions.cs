namespace CosyOrleans.Service.Voices;

/// <summary>The versions of one voice on the disk. Read by anybody, changed by one at a time.</summary>
internal sealed class VoiceVersions
{
    private volatile VoiceHeader[] _kept = []; // By version.

    /// <summary>The highest version there ever was, also of what is deleted or damaged; 0 without any.</summary>
    public int Last { get; private set; }

    public VoiceHeader? Newest => _kept.LastOrDefault();

    /// <param name="version">Null for the newest.</param>
    public VoiceHeader? Find(int? version) => version is { } exact ? _kept.FirstOrDefault(header => header.Version == exact) : Newest;

    /// <summary>This number is taken.</summary>
    public void Reserve(int version) => Last = Math.Max(Last, version);

    /// <summary>One that was on the disk.</summary>
    public void Load(VoiceHeader header)
    {
        Reserve(header.Version);
        _kept = [.. _kept.Append(header).OrderBy(kept => kept.Version)];
    }

    /// <returns>Those that are not kept any longer.</returns>
    public IReadOnlyList<VoiceHeader> Add(VoiceHeader header)
    {
        Load(header);
        VoiceHeader[] old = [.. _kept.SkipLast(VoiceRules.KeptVersions)];
        _kept = [.. _kept.TakeLast(VoiceRules.KeptVersions)];
        return old;
    }

    public void Clear() => _kept = [];
}
