using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Voices;

/// <summary>
/// The versions of voices that a worker has at hand, those used last. A version is fetched once, however many ask for it
/// at the same time. New speeches get the newest version; a speech keeps what it was given, whatever happens here.
/// Older versions stay until their place is needed: a speech that began with one on a worker that was lost goes on here
/// just when the catalogue may be hard to reach.
/// </summary>
/// <param name="capacity">Versions, 1 or more; what is being fetched comes on top. A version takes up to about 1 MB.</param>
public sealed class VoiceShelf(IVoiceSource source, TimeProvider time, int capacity = VoiceShelf.DefaultCapacity)
{
    public const int DefaultCapacity = 128;

    // How long a speech waits to hear that its voice is still the newest: then it speaks with what is here.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(10);

    private readonly int _capacity = capacity >= 1
        ? capacity
        : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A shelf has at least one place.");

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Id, int Version), LinkedListNode<Place>> _places = [];
    private readonly LinkedList<Place> _order = new(); // The one used longest ago first.

    /// <summary>Voices of which a version is at hand, in no particular order.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_gate)
            {
                return [.. _order.Where(place => place.Held is not null).Select(place => place.Id).Distinct(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>A version of a voice; null where there is none, or no longer.</summary>
    /// <param name="version">1 or more; null for the newest.</param>
    /// <exception cref="SpeechException">It is not here, and the catalogue cannot be reached or what it has is damaged.</exception>
    public async ValueTask<VoiceProfile?> FindAsync(string id, int? version, CancellationToken cancellationToken)
    {
        if (version is { } exact)
        {
            return await GetAsync(id, exact, cancellationToken);
        }

        var held = Newest(id);
        int? newest;
        try
        {
            newest = await source.NewestAsync(id, cancellationToken).AsTask().WaitAsync(held is null ? LongPatience : Patience, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return held ?? throw Unreachable(e);
        }

        if (newest is null)
        {
            Forget(id);
            return null;
        }

        return await GetAsync(id, newest.Value, cancellationToken);
    }

    private Task<VoiceProfile?> GetAsync(string id, int version, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_places.TryGetValue((id, version), out var node))
            {
                _order.Remove(node);
                _order.AddLast(node);
            }
            else
            {
                var place = new Place(id, version);
                node = _order.AddLast(place);
                _places.Add((id, version), node);
                place.Fetch = Task.Run(() => FetchAsync(place), CancellationToken.None);
            }

            return node.Value.Fetch.WaitAsync(cancellationToken);
        }
    }

    // On behalf of everybody who waits, so nobody's cancellation ends it.
    private async Task<VoiceProfile?> FetchAsync(Place place)
    {
        VoiceProfile? voice = null;
        try
        {
            using var limit = new CancellationTokenSource(LongPatience, time);
            voice = await source.FetchAsync(place.Id, place.Version, limit.Token).AsTask().WaitAsync(limit.Token);
            return voice;
        }
        catch (Exception e)
        {
            throw Unreachable(e);
        }
        finally
        {
            Settle(place, voice);
        }
    }

    private void Settle(Place place, VoiceProfile? voice)
    {
        lock (_gate)
        {
            place.Held = voice;
            if (voice is null)
            {
                Remove(place); // The next who asks tries again.
            }

            for (var node = _order.First; node is not null && _order.Count(other => other.Held is not null) > _capacity;)
            {
                var next = node.Next;
                if (node.Value.Held is not null)
                {
                    Remove(node.Value);
                }

                node = next;
            }
        }
    }

    private VoiceProfile? Newest(string id)
    {
        lock (_gate)
        {
            return _order.Where(place => place.Id == id && place.Held is not null).MaxBy(place => place.Version)?.Held;
        }
    }

    private void Forget(string id)
    {
        lock (_gate)
        {
            foreach (var place in _order.Where(place => place.Id == id && place.Held is not null).ToArray())
            {
                Remove(place);
            }
        }
    }

    private void Remove(Place place)
    {
        if (_places.Remove((place.Id, place.Version), out var node))
        {
            _order.Remove(node);
        }
    }

    private static SpeechException Unreachable(Exception e) => e as SpeechException ?? new SpeechException(
        SpeechErrorKind.NotReady,
        SpeechErrorCodes.VoicesUnavailable,
        "The catalogue of voices does not answer at the moment.",
        "Ask again in a few seconds, or use one of the model's own voices.",
        e)
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    private sealed class Place(string id, int version)
    {
        public string Id { get; } = id;

        public int Version { get; } = version;

        public Task<VoiceProfile?> Fetch { get; set; } = Task.FromResult<VoiceProfile?>(null);

        /// <summary>Null while it is being fetched.</summary>
        public VoiceProfile? Held { get; set; }
    }
}
