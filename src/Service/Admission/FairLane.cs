using System.Runtime.InteropServices;

namespace CosyOrleans.Service.Admission;

/// <summary>
/// Those who wait in one lane. Tenants take turns by seconds of sound: each load gets a mark, at which its turn begins, and whose
/// mark is lowest goes first (start-time fair queueing, Goyal and others, 1996). A tenant's next mark is its last one and the
/// seconds of that load; who has not asked for long begins where the lane is, not where it was left. So a tenant alone is
/// served by arrival, and another one's first load waits for none of its hundred.
/// </summary>
internal sealed class FairLane
{
    private readonly LinkedList<SpeechLoad> _waiting = [];

    // Where a tenant's next load would begin.
    private readonly Dictionary<string, double> _next = [];
    private double _now;
    private long _came;

    public IEnumerable<SpeechLoad> Waiting => _waiting;

    public int Count => _waiting.Count;

    public LinkedListNode<SpeechLoad>? First => _waiting.First;

    public void Add(SpeechLoad load)
    {
        ref var next = ref CollectionsMarshal.GetValueRefOrAddDefault(_next, load.Tenant, out _);
        load.Mark = Math.Max(_now, next);
        next = load.Mark + load.RemainingSeconds;
        load.Number = load.Number == 0 ? ++_came : load.Number;
        var before = _waiting.Last;
        while (before is not null && (before.Value.Mark, before.Value.Number).CompareTo((load.Mark, load.Number)) > 0)
        {
            before = before.Previous;
        }

        if (before is null)
        {
            _waiting.AddFirst(load);
        }
        else
        {
            _waiting.AddAfter(before, load);
        }
    }

    /// <summary>It starts; nothing if it is not there.</summary>
    public void Start(SpeechLoad load)
    {
        if (_waiting.Remove(load))
        {
            _now = Math.Max(_now, load.Mark);
        }
    }

    /// <summary>It is not wanted any more: those of its tenant that came later move up. Nothing if it is not there.</summary>
    public void Remove(SpeechLoad load)
    {
        var node = _waiting.Last?.Value == load ? _waiting.Last : _waiting.Find(load);
        if (node is null)
        {
            return;
        }

        List<SpeechLoad> later = [];
        for (var following = node.Next; following is not null;)
        {
            var current = following;
            following = following.Next;
            if (current.Value.Tenant == load.Tenant)
            {
                later.Add(current.Value);
                _waiting.Remove(current);
            }
        }

        _waiting.Remove(node);
        _next[load.Tenant] = load.Mark;
        later.ForEach(Add);
    }

    /// <summary>Nobody waits or is served: what was before counts for nobody.</summary>
    public void Forget()
    {
        _next.Clear();
        _now = 0;
    }
}
