using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Voices;

/// <summary>Port: the voices of the model and those of the catalogue.</summary>
public interface IVoices
{
    /// <summary>The model's own first, then those of the catalogue by id.</summary>
    /// <exception cref="SpeechException">They are not known yet.</exception>
    ValueTask<IReadOnlyList<Voice>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A voice of the catalogue with its content; null where there is none, or no longer this version.</summary>
    /// <param name="version">1 or more; null for the newest.</param>
    /// <exception cref="SpeechException">What is stored is damaged, or cannot be reached.</exception>
    ValueTask<VoiceProfile?> FindAsync(string id, int? version, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the next version of a voice of the catalogue, the first where there is none. Of two saves at the same time
    /// each makes a version of its own. It is stored when this completes.
    /// </summary>
    /// <param name="voice">Its version and time are ignored.</param>
    /// <returns>The voice with the version and the time that it got.</returns>
    /// <exception cref="SpeechException">The voice breaks <see cref="VoiceRules"/>, all named at once, or cannot be stored.</exception>
    ValueTask<VoiceProfile> SaveAsync(VoiceProfile voice, CancellationToken cancellationToken);

    /// <summary>Makes a voice from a recording and saves it, as <see cref="SaveAsync"/> does.</summary>
    /// <param name="described">Its id, name, owner, transcript and consent; the rest is ignored.</param>
    /// <param name="recording">WAV, or where ffmpeg is installed anything that it reads; 1 to <see cref="RecordedVoice.MaxBytes"/> bytes.</param>
    /// <returns>The voice as it was saved, with the report on its recording.</returns>
    /// <exception cref="SpeechException">No voice can be made from it, it breaks <see cref="VoiceRules"/>, or cannot be stored.</exception>
    ValueTask<VoiceProfile> EnrolAsync(VoiceProfile described, ReadOnlyMemory<byte> recording, CancellationToken cancellationToken);

    /// <summary>Completes where voices can be made from recordings.</summary>
    /// <exception cref="SpeechException">They cannot, because the model has no networks for it, or not at the moment.</exception>
    ValueTask CheckEnrolmentAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Saves the newest version of a voice of the catalogue as the next one with other words about it. With another id its newest
    /// version becomes the next version of that id, which no voice may have at that moment, and the old id is deleted with every
    /// version as <see cref="DeleteAsync"/> does; should that fail half-way both are there, never none.
    /// </summary>
    /// <returns>The voice as it is now; null where there is none.</returns>
    /// <exception cref="SpeechException">It breaks <see cref="VoiceRules"/>, is one of the model's own, the new id is taken, or it cannot be stored.</exception>
    ValueTask<VoiceProfile?> UpdateAsync(string id, VoiceChange change, CancellationToken cancellationToken);

    /// <summary>
    /// A voice with its content, to be taken elsewhere: of the catalogue's its newest version; also one of the model's own, without
    /// a version, where its content is at hand. Null where there is none.
    /// </summary>
    /// <exception cref="SpeechException">Its content is not at hand, damaged, or cannot be reached.</exception>
    ValueTask<VoiceProfile?> ExportAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Removes every version of a voice of the catalogue; false where there is none. A voice saved under this id later
    /// goes on counting: a version never names two contents.
    /// </summary>
    /// <exception cref="SpeechException">It is one of the model's own, or cannot be removed.</exception>
    ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken);
}

/// <param name="Id">What a request names.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="Model">The model that speaks with it; for a voice of the catalogue the kind of model it was made for.</param>
public sealed record Voice(string Id, string Name, string Model)
{
    /// <summary>Of a voice of the catalogue, 1 or more; 0 for one that came with the model.</summary>
    public int Version { get; init; }

    public string? Owner { get; init; }

    public DateTimeOffset? Created { get; init; }

    /// <summary>The modes in which it can speak; null where that is not known without its content.</summary>
    public IReadOnlyList<string>? Modes { get; init; }

    /// <summary>Whether it came with the model.</summary>
    public bool BuiltIn => Version == 0;

    public static Voice Of(VoiceProfile profile) => new(profile.Id, profile.Name, profile.ModelKind)
    {
        Version = profile.Version,
        Owner = profile.Owner,
        Created = profile.Created,
    };

    /// <summary>All voices as they are listed. Where an id is on both sides the model's own voice is the one that speaks.</summary>
    public static IReadOnlyList<Voice> List(IReadOnlyCollection<Voice> builtIn, IEnumerable<Voice> catalogue)
    {
        var taken = builtIn.Select(voice => voice.Id).ToHashSet(StringComparer.Ordinal);
        return [.. builtIn, .. catalogue.Where(voice => !taken.Contains(voice.Id)).OrderBy(voice => voice.Id, StringComparer.Ordinal)];
    }
}
