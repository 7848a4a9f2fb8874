namespace CosyOrleans.Service.Voices;

/// <summary>
/// What is to become different about a voice of the catalogue. What is null stays, and an empty owner or consent is removed. The
/// transcript is not among it: the model was told those words together with the recording.
/// </summary>
public sealed record VoiceChange
{
    /// <summary>Another id: see <see cref="IVoices.UpdateAsync"/>.</summary>
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Owner { get; init; }

    public string? Consent { get; init; }

    /// <summary>Whether nothing is to change.</summary>
    public bool IsEmpty => this == new VoiceChange();

    /// <summary>The voice as it is to be saved.</summary>
    public VoiceProfile ApplyTo(VoiceProfile voice) => voice with
    {
        Id = Id ?? voice.Id,
        Name = Name ?? voice.Name,
        Owner = Changed(Owner, voice.Owner),
        Consent = Changed(Consent, voice.Consent),
    };

    /// <summary>A text that can be removed, as it is to be.</summary>
    public static string? Changed(string? wanted, string? present) => wanted switch
    {
        null => present,
        "" => null,
        _ => wanted,
    };
}
