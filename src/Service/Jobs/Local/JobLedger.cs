namespace CosyOrleans.Service.Jobs.Local;

/// <summary>
/// Where each item of a job is, as the journal tells it: ten bytes an item. The state machine of a job; what it does
/// not know it ignores, so that any prefix of a journal is a state. Not thread-safe.
/// </summary>
internal sealed class JobLedger(int items)
{
    private readonly Mark[] _marks = new Mark[items];
    private readonly byte[] _tries = new byte[items];
    private readonly long[] _last = new long[items];
    private int _done;
    private int _failed;

    /// <summary>What became of an item; cancelled ones count as failed.</summary>
    private enum Mark : byte
    {
        Pending,
        Done,
        Failed,
        Cancelled,
    }

    public JobPhase Phase { get; private set; }

    /// <summary>When the phase was entered.</summary>
    public DateTimeOffset? Since { get; private set; }

    public int Done => _done;

    public int Failed => _failed;

    public int Pending => items - _done - _failed;

    public JobItemStatus StatusOf(int number) => _marks[number - 1] switch
    {
        Mark.Pending => JobItemStatus.Pending,
        Mark.Done => JobItemStatus.Done,
        _ => JobItemStatus.Failed,
    };

    public bool IsCancelled(int number) => _marks[number - 1] == Mark.Cancelled;

    public int TriesOf(int number) => _tries[number - 1];

    /// <summary>Where the last record of an item is; null when there is none.</summary>
    public long? LastOf(int number) => _last[number - 1] == 0 ? null : _last[number - 1] - 1;

    public void Apply(JournalRecord record, long offset)
    {
        if (record is { Item: >= 1 and var number, Status: { } status } && number <= items)
        {
            _last[number - 1] = offset + 1;
            _tries[number - 1] += record.Code is null ? (byte)0 : (byte)1;
            Set(number, status switch { JobItemStatus.Done => Mark.Done, JobItemStatus.Failed => Mark.Failed, _ => Mark.Pending });
        }
        else if (record.Job is { } phase && (record.Retry == true || !Phase.IsFinished()))
        {
            (Phase, Since) = (phase, record.At);
            for (var i = 1; i <= items && (record.Retry == true || phase == JobPhase.Cancelled); i++)
            {
                if (record.Retry == true && StatusOf(i) == JobItemStatus.Failed)
                {
                    Set(i, Mark.Pending);
                    _tries[i - 1] = 0;
                }
                else if (record.Retry != true && StatusOf(i) == JobItemStatus.Pending)
                {
                    Set(i, Mark.Cancelled);
                }
            }
        }
    }

    /// <summary>The job cannot go on by itself; not recorded, because that is what fails.</summary>
    public void Stall() => Phase = Phase.IsFinished() ? Phase : JobPhase.Paused;

    private void Set(int number, Mark mark)
    {
        Count(_marks[number - 1], -1);
        _marks[number - 1] = mark;
        Count(mark, +1);
    }

    private void Count(Mark mark, int change)
    {
        if (mark == Mark.Done)
        {
            _done += change;
        }
        else if (mark != Mark.Pending)
        {
            _failed += change;
        }
    }
}
