namespace CosyVoice.Engine;

/// <summary>
/// Everything that is being spoken: asks the scheduler what comes next and does it. Sequences join and leave at any
/// step; what fails ends the requests it was done for, and no other. Not thread-safe.
/// </summary>
/// <param name="now">The time, in seconds.</param>
internal sealed class SpeechBatch(SpeechModel model, SpeechEngineOptions options, Func<double> now)
{
    private readonly Scheduler _scheduler = new(options.MaximumBatch, options.MaximumInputs, model.Flow.BatchSize);
    private readonly List<SpeechRun> _runs = [];
    private readonly List<Sequence> _sequences = [];

    public bool HasPlace => _runs.Count < options.MaximumBatch;

    public SpeechModel Model => model;

    public double Now => now();

    public void Add(SpeechRun run) => _runs.Add(run);

    /// <summary>Ends those that nobody listens to, that cannot go on, and that have been spoken.</summary>
    public void Clear()
    {
        foreach (var run in _runs.Where(run => run.Cancellation.IsCancellationRequested).ToArray())
        {
            End(run, new OperationCanceledException(run.Cancellation));
        }

        foreach (var run in _runs.Where(run => run.Feed?.Error is not null).ToArray())
        {
            End(run, run.Feed!.Error);
        }

        foreach (var sequence in _sequences.Where(sequence => sequence.Done).ToArray())
        {
            _sequences.Remove(sequence);
            sequence.Dispose();
        }

        foreach (var run in _runs.Where(run => run.SegmentsSpoken >= run.SegmentCount).ToArray())
        {
            End(run, null);
        }
    }

    /// <summary>Does what comes next.</summary>
    /// <returns>False: nothing was done or ended, nor will be until something changes.</returns>
    public bool Step()
    {
        var before = _runs.Count;
        StartSegments();
        var time = Now;
        var decision = _scheduler.Decide([.. _sequences.Select(sequence => sequence.Needs(time))]);
        if (decision.Chunks.Count > 0)
        {
            Guard([.. decision.Chunks.Select(i => _sequences[i])], sequences => ChunkStep.Do(this, sequences));
        }
        else if (decision.Tokens.Count > 0)
        {
            int[] inputs = [.. decision.Tokens.Select(part => part.Inputs)];
            Guard([.. decision.Tokens.Select(part => _sequences[part.Sequence])], sequences => TokenStep.Do(this, sequences, inputs));
        }

        return decision.Chunks.Count > 0 || decision.Tokens.Count > 0 || _runs.Count < before;
    }

    public void EndAll(Exception error)
    {
        foreach (var run in _runs.ToArray())
        {
            End(run, error);
        }
    }

    public void End(SpeechRun run, Exception? error)
    {
        _runs.Remove(run);
        foreach (var sequence in _sequences.Where(sequence => sequence.Run == run).ToArray())
        {
            _sequences.Remove(sequence);
            sequence.Dispose();
        }

        run.Complete(error);
    }

    /// <summary>Of those whose tokens are being decoded the one who came last, of the background if any is.</summary>
    public SpeechRun LastToHoldCache() => _sequences.Where(sequence => !sequence.Decoder.Ended).Select(sequence => sequence.Run)
        .OrderBy(run => run.Request.Background).ThenBy(_runs.IndexOf).Last();

    /// <summary>Another sequence goes on in the place of one.</summary>
    public void Replace(Sequence sequence, Sequence by)
    {
        _sequences[_sequences.IndexOf(sequence)] = by;
        sequence.Dispose();
    }

    /// <summary>A step that fails ends the requests it was made for, and no other.</summary>
    /// <returns>Whether it did not fail.</returns>
    public bool Guard(Sequence[] sequences, Action<Sequence[]> step)
    {
        try
        {
            step(sequences);
            return true;
        }
        catch (Exception error)
        {
            foreach (var run in sequences.Select(sequence => sequence.Run).Distinct())
            {
                End(run, error);
            }

            return false;
        }
    }

    /// <summary>A request's next segment begins when the language model is through with the one before.</summary>
    private void StartSegments()
    {
        foreach (var run in _runs.ToArray())
        {
            var busy = _sequences.Any(sequence => sequence.Run == run && !sequence.Decoder.Ended);
            var lead = run.SegmentsStarted - run.SegmentsSpoken;
            if (!busy && lead < options.SegmentLead && run.HasNext)
            {
                Start(run, run.SegmentsStarted++);
            }
        }
    }

    private void Start(SpeechRun run, int segment)
    {
        try
        {
            _sequences.Add(model.Start(run, segment));
        }
        catch (OutOfMemoryException) when (_sequences.Exists(sequence => sequence.Run == run))
        {
            run.SegmentsStarted = segment; // Its listener has something to hear; there may be room by then.
        }
        catch (Exception error)
        {
            End(run, error);
        }
    }
}
