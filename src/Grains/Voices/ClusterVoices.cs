using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Grains.Voices;

/// <summary>The voices that the workers speak with.</summary>
public sealed class ClusterVoices(WorkerDirectory directory) : IVoices
{
    public ValueTask<IReadOnlyList<Voice>> ListAsync(CancellationToken cancellationToken) => new(
    [
        .. directory.Workers.Select(worker => worker.Status!).Where(status => status.Model is not null)
            .SelectMany(status => status.Voices.Select(id => new Voice(id, id, status.Model!)))
            .DistinctBy(voice => voice.Id),
    ]);
}
