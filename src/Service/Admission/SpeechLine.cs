using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Admission;

/// <summary>
/// Those who wait, in the order in which they start: first speeches that were cut off, then everybody else, tenants in turn and
/// each one's by arrival, batch as if it had come so much later as <paramref name="batchAgeing"/> says. So the interactive goes
/// first, and yet nobody is overtaken for ever.
/// </summary>
internal sealed class SpeechLine(TimeSpan batchAgeing)
{
    private readonly FairLane _urgent = new();
    private readonly FairLane _interactive = new();
    private readonly FairLane _batch = new();

    public int Count => _urgent.Count + _interactive.Count + _batch.Count;

    public int Urgent => _urgent.Count;

    public double Seconds => _urgent.Waiting.Concat(_interactive.Waiting).Concat(_batch.Waiting).Sum(load => load.RemainingSeconds);

    public void Add(SpeechLoad load) => LaneOf(load).Add(load);

    /// <summary>Takes out one who starts.</summary>
    public void Start(SpeechLoad load) => LaneOf(load).Start(load);

    /// <summary>Takes out one who gives up; nothing if it is not there.</summary>
    public void Remove(SpeechLoad load) => LaneOf(load).Remove(load);

    /// <summary>Nobody waits or is served: who had how much so far counts no more.</summary>
    public void Forget()
    {
        _urgent.Forget();
        _interactive.Forget();
        _batch.Forget();
    }

    public Walk Begin() => new(_urgent.First, _interactive.First, _batch.First, batchAgeing);

    private FairLane LaneOf(SpeechLoad load) =>
        load.IsUrgent ? _urgent : load.Lane == SpeechLane.Batch ? _batch : _interactive;

    /// <summary>Goes along the line without changing it.</summary>
    public struct Walk(
        LinkedListNode<SpeechLoad>? urgent, LinkedListNode<SpeechLoad>? interactive, LinkedListNode<SpeechLoad>? batch, TimeSpan batchAgeing)
    {
        /// <summary>The first that may start, which the walk then leaves behind; null when none of the foremost may.</summary>
        public SpeechLoad? Next(Func<SpeechLoad, bool> mayStart)
        {
            if (Step(ref urgent, mayStart) is { } cutOff)
            {
                return cutOff;
            }

            var batchFirst = batch is not null
                && (interactive is null || batch.Value.Arrival + batchAgeing < interactive.Value.Arrival);
            return batchFirst
                ? Step(ref batch, mayStart) ?? Step(ref interactive, mayStart)
                : Step(ref interactive, mayStart) ?? Step(ref batch, mayStart);
        }

        private static SpeechLoad? Step(ref LinkedListNode<SpeechLoad>? node, Func<SpeechLoad, bool> mayStart)
        {
            if (node is not { Value: var load } || !mayStart(load))
            {
                return null;
            }

            node = node.Next;
            return load;
        }
    }
}
