using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Service.Voices;

/// <summary>The voices that came with the model of this process, and those in its data folder.</summary>
public sealed class LocalVoices(LocalModel model, VoiceFolder folder) : IVoices
{
    public ValueTask<IReadOnlyList<Voice>> ListAsync(CancellationToken cancellationToken)
    {
        var loaded = model.Require();
        return new(Voice.List([.. loaded.VoiceIds.Select(id => new Voice(id, id, loaded.Name) { Modes = VoiceProfile.ModesOf(loaded.OwnVoice(id)) })], folder.List()));
    }

    public ValueTask<VoiceProfile?> FindAsync(string id, int? version, CancellationToken cancellationToken) =>
        folder.FindAsync(id, version, cancellationToken);

    public async ValueTask<VoiceProfile> SaveAsync(VoiceProfile voice, CancellationToken cancellationToken)
    {
        VoiceRules.Check(voice, model.Require().VoiceIds);
        return await folder.SaveAsync(voice, cancellationToken);
    }

    public async ValueTask<VoiceProfile> EnrolAsync(VoiceProfile described, ReadOnlyMemory<byte> recording, CancellationToken cancellationToken)
    {
        var loaded = model.Require();
        return await folder.SaveAsync(
            await RecordedVoice.MakeAsync(described, recording, loaded.VoiceIds, loaded.EnrolAsync, cancellationToken), cancellationToken);
    }

    public async ValueTask CheckEnrolmentAsync(CancellationToken cancellationToken) =>
        await RecordedVoice.CheckAsync(model.Require().EnrolAsync, cancellationToken);

    public async ValueTask<VoiceProfile?> UpdateAsync(string id, VoiceChange change, CancellationToken cancellationToken)
    {
        var builtIn = model.Require().VoiceIds;
        VoiceRules.Check(id, change, builtIn);
        if (await folder.UpdateAsync(id, change, cancellationToken) is { } changed)
        {
            return changed;
        }

        VoiceRules.CheckNotBuiltIn(id, builtIn);
        return null;
    }

    public async ValueTask<VoiceProfile?> ExportAsync(string id, CancellationToken cancellationToken)
    {
        var loaded = model.Require();
        return loaded.VoiceIds.Contains(id)
            ? new VoiceProfile { Id = id, Name = id, ModelKind = loaded.Kind, Content = loaded.OwnVoice(id) }
            : await folder.FindAsync(id, null, cancellationToken);
    }

    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        // The catalogue of an earlier model may have the id of a voice of this one; then there is something to delete.
        if (await folder.DeleteAsync(id, cancellationToken))
        {
            return true;
        }

        VoiceRules.CheckNotBuiltIn(id, model.Require().VoiceIds);
        return false;
    }
}
