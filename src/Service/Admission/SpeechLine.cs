using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Admission;

/// <summary>
/// Those who wait, in the order in which they start: first speeches that were cut off, then everybody else by arrival,
/// batch as if it had come so much later as <paramref name="batchAgeing"/> says. So the interactive goes first, and
/// yet nobody is overtaken for ever.
/// </summary>
internal sealed class SpeechLine(TimeSpan batchAgeing)
{
    private readonly LinkedList<SpeechLoad> _urgent = [];
    private readonly LinkedList<SpeechLoad> _interactive = [];
    private readonly LinkedList<SpeechLoad> _batch = [];

    public int Count => _urgent.Count + _interactive.Count + _batch.Count;

    public int Urgent => _urgent.Count;

    public double Seconds => _urgent.Concat(_interactive).Concat(_batch).Sum(load => load.RemainingSeconds);

    public void Add(SpeechLoad load) => LaneOf(load).AddLast(load);

    /// <summary>Nothing if it is not there.</summary>
    public void Remove(SpeechLoad load)
    {
        var lane = LaneOf(load);
        if (lane.Last?.Value == load)
        {
            lane.RemoveLast();
        }
        else
        {
            lane.Remove(load);
        }
    }

    public Walk Begin() => new(_urgent.First, _interactive.First, _batch.First, batchAgeing);

    private LinkedList<SpeechLoad> LaneOf(SpeechLoad load) =>
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
