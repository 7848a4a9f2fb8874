using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Tenants;

/// <summary>
/// The voices as one tenant sees them: its own, then those that are shared, which it can use but not change. Whatever is another's
/// is for it as if it did not exist, by the same way and in the same time.
/// </summary>
public sealed class TenantVoices(IVoices voices, TenantScope scope) : IVoices
{
    public async ValueTask<IReadOnlyList<Voice>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await voices.ListAsync(cancellationToken);
        Voice[] own = [.. all.Where(voice => !voice.BuiltIn && scope.Owns(voice.Id)).Select(Named)];
        var names = own.Select(voice => voice.Id).ToHashSet(StringComparer.Ordinal);
        var shared = all.Where(voice => !voice.BuiltIn && TenantScope.Shared.Owns(voice.Id) && !names.Contains(voice.Id));
        return Voice.List([.. all.Where(voice => voice.BuiltIn)], own.Concat(shared));
    }

    public async ValueTask<VoiceProfile?> FindAsync(string id, int? version, CancellationToken cancellationToken) =>
        await OwnFirstAsync(id, name => voices.FindAsync(name, version, cancellationToken));

    public async ValueTask<VoiceProfile?> ExportAsync(string id, CancellationToken cancellationToken) =>
        await OwnFirstAsync(id, name => voices.ExportAsync(name, cancellationToken));

    public async ValueTask<VoiceProfile> SaveAsync(VoiceProfile voice, CancellationToken cancellationToken)
    {
        var stored = voice with { Id = await StoredAsync(voice.Id, cancellationToken) };
        return Named(await SaidAsync(() => voices.SaveAsync(stored, cancellationToken)));
    }

    public async ValueTask<VoiceProfile> EnrolAsync(VoiceProfile described, ReadOnlyMemory<byte> recording, CancellationToken cancellationToken)
    {
        var stored = described with { Id = await StoredAsync(described.Id, cancellationToken) };
        return Named(await SaidAsync(() => voices.EnrolAsync(stored, recording, cancellationToken)));
    }

    public ValueTask CheckEnrolmentAsync(CancellationToken cancellationToken) => voices.CheckEnrolmentAsync(cancellationToken);

    public async ValueTask<VoiceProfile?> UpdateAsync(string id, VoiceChange change, CancellationToken cancellationToken)
    {
        var stored = change.Id is null ? change : change with { Id = await StoredAsync(change.Id, cancellationToken) };
        if (scope.Own(id) is not { } own)
        {
            return null;
        }

        var changed = await SaidAsync(() => voices.UpdateAsync(own, stored, cancellationToken));
        return changed is not null ? Named(changed) : await RefuseSharedAsync<VoiceProfile?>(id, null, cancellationToken);
    }

    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken) => scope.Own(id) is { } own
        && (await SaidAsync(() => voices.DeleteAsync(own, cancellationToken)) || await RefuseSharedAsync(id, false, cancellationToken));

    private async ValueTask<VoiceProfile?> OwnFirstAsync(string id, Func<string, ValueTask<VoiceProfile?>> find)
    {
        if (scope.Own(id) is not { } own)
        {
            return null;
        }

        return await SaidAsync(() => find(own)) is { } found ? Named(found) : own == id ? null : await find(id);
    }

    // Under which id a voice is saved. What is no id is left for the rules to refuse, together with all else that is wrong.
    private async ValueTask<string> StoredAsync(string id, CancellationToken cancellationToken)
    {
        if (scope.Own(id) is not { } own)
        {
            throw SpeechException.Invalid([new Violation(
                SpeechErrorCodes.VoiceInvalid, $"{Quoted.Value(id)} cannot be the id of a voice.", JobNames.Rule(VoiceRules.MaxIdLength))]);
        }

        if (own == id || !JobNames.Fits(id, VoiceRules.MaxIdLength))
        {
            return id;
        }

        VoiceRules.CheckNotBuiltIn(id, await BuiltInAsync(cancellationToken)); // The rules do not know it by this id.
        return own;
    }

    private async ValueTask<T> RefuseSharedAsync<T>(string id, T nothing, CancellationToken cancellationToken)
    {
        if (scope.Tenant is null)
        {
            return nothing;
        }

        VoiceRules.CheckNotBuiltIn(id, await BuiltInAsync(cancellationToken));
        return await voices.FindAsync(id, null, cancellationToken) is null ? nothing : throw new SpeechException(
            SpeechErrorKind.Invalid,
            SpeechErrorCodes.VoiceShared,
            $"The voice {Quoted.Value(id)} is shared and cannot be changed with this key.",
            "Save a voice of your own under this id, which then counts for you, or ask whoever runs the server.");
    }

    private async ValueTask<IEnumerable<string>> BuiltInAsync(CancellationToken cancellationToken) =>
        (await voices.ListAsync(cancellationToken)).Where(voice => voice.BuiltIn).Select(voice => voice.Id);

    private Voice Named(Voice voice) => scope.TryName(voice.Id, out var id) ? voice with { Id = id } : voice;

    private VoiceProfile Named(VoiceProfile voice) =>
        scope.TryName(voice.Id, out var id) ? voice with { Id = id, Content = voice.Content with { Id = id } } : voice;

    private async ValueTask<T> SaidAsync<T>(Func<ValueTask<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (SpeechException e) when (scope.Tenant is not null)
        {
            throw scope.Said(e);
        }
    }
}
