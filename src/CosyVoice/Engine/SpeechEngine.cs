using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CosyVoice.Kernels;
using CosyVoice.State;
using CosyVoice.Text.Arriving;

namespace CosyVoice.Engine;

/// <summary>
/// One thread that owns a model and speaks for everybody: it asks the scheduler what comes next and does it.
/// Sequences join and leave the language model's batch at any step; a request's samples depend on the request
/// alone.
/// </summary>
public sealed class SpeechEngine : IDisposable
{
    private readonly SpeechModel _model;
    private readonly SpeechEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly Scheduler _scheduler;
    private readonly ConcurrentQueue<SpeechRun> _arrivals = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly List<SpeechRun> _runs = [];
    private readonly List<Sequence> _sequences = [];
    private readonly Thread _loop;
    private volatile bool _stopped;

    /// <param name="model">Must outlive the engine; the caller disposes it.</param>
    public SpeechEngine(SpeechModel model, SpeechEngineOptions? options = null, TimeProvider? time = null)
    {
        _model = model;
        _options = options ?? new();
        _time = time ?? TimeProvider.System;
        _scheduler = new Scheduler(_options.MaximumBatch, _options.MaximumInputs, model.Flow.BatchSize);
        _loop = new Thread(Loop) { Name = "speech engine", IsBackground = true };
        _loop.Start();
    }

    private double Now => (double)_time.GetTimestamp() / _time.TimestampFrequency;

    /// <summary>
    /// Speaks. Chunks come in order and as soon as they are made; ending the enumeration early, or cancelling, stops
    /// the work within one step.
    /// </summary>
    /// <exception cref="StateException"><see cref="SpeechRequest.Resume"/> is damaged or comes from another request.</exception>
    public async IAsyncEnumerable<AudioChunk> SpeakAsync(
        SpeechRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        SpeechRequestCheck.Check(request, _model.LanguageModel);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var wakes = abandoned.Token.Register(() => Wake());
        var run = new SpeechRun(request, _model.SampleRate, Now, abandoned.Token, request.TextStream is null ? null : _model.CreateFeed());
        _arrivals.Enqueue(run);
        Wake();
        if (_stopped)
        {
            run.Complete(new ObjectDisposedException(nameof(SpeechEngine)));
        }

        if (request.TextStream is { } text)
        {
            _ = Task.Run(() => FeedAsync(run, text), CancellationToken.None); // It may have much at once.
        }

        try
        {
            await foreach (var chunk in run.Chunks.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return chunk;
                run.Took(chunk.Samples.Length);
                Wake();
            }
        }
        finally
        {
            await abandoned.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Passes text on as it comes, until all has or nobody listens any more.</summary>
    private async Task FeedAsync(SpeechRun run, IAsyncEnumerable<TextPiece> text)
    {
        try
        {
            await foreach (var piece in text.WithCancellation(run.Cancellation).ConfigureAwait(false))
            {
                run.Feed!.Append(piece);
                Wake();
            }

            run.Feed!.Complete();
        }
        catch (Exception error)
        {
            run.Feed!.Fail(error);
        }

        Wake();
    }

    /// <summary>Stops the loop and fails what is under way.</summary>
    public void Dispose()
    {
        _stopped = true;
        Wake();
        _loop.Join();
        _wake.Dispose();
    }

    private void Wake()
    {
        if (!_loop.IsAlive)
        {
            return;
        }

        try
        {
            _wake.Set();
        }
        catch (ObjectDisposedException)
        {
            // The engine was disposed while a listener was still reading what had been made.
        }
    }

    private void Loop()
    {
        while (!_stopped)
        {
            Admit();
            DropAbandoned();
            StartSegments();
            var now = Now;
            var decision = _scheduler.Decide([.. _sequences.Select(sequence => sequence.Needs(now))]);
            if (decision.Chunks.Count > 0)
            {
                Guard([.. decision.Chunks.Select(i => _sequences[i])], Speak);
            }
            else if (decision.Tokens.Count > 0)
            {
                int[] inputs = [.. decision.Tokens.Select(part => part.Inputs)];
                Guard([.. decision.Tokens.Select(part => _sequences[part.Sequence])], sequences => Advance(sequences, inputs));
            }
            else
            {
                _wake.WaitOne();
            }

            DropFinished();
        }

        foreach (var run in _runs.Concat(_arrivals).ToArray())
        {
            End(run, new ObjectDisposedException(nameof(SpeechEngine)));
        }
    }

    private void Admit()
    {
        while (_runs.Count < _options.MaximumBatch && _arrivals.TryDequeue(out var run))
        {
            _runs.Add(run);
        }
    }

    private void DropAbandoned()
    {
        foreach (var run in _runs.Where(run => run.Cancellation.IsCancellationRequested).ToArray())
        {
            End(run, new OperationCanceledException(run.Cancellation));
        }

        foreach (var run in _runs.Where(run => run.Feed?.Error is not null).ToArray())
        {
            End(run, run.Feed!.Error);
        }
    }

    private void DropFinished()
    {
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

    private void End(SpeechRun run, Exception? error)
    {
        _runs.Remove(run);
        foreach (var sequence in _sequences.Where(sequence => sequence.Run == run).ToArray())
        {
            _sequences.Remove(sequence);
            sequence.Dispose();
        }

        run.Complete(error);
    }

    /// <summary>A request's next segment begins when the language model is through with the one before.</summary>
    private void StartSegments()
    {
        foreach (var run in _runs.ToArray())
        {
            var busy = _sequences.Any(sequence => sequence.Run == run && !sequence.Decoder.Ended);
            var lead = run.SegmentsStarted - run.SegmentsSpoken;
            if (!busy && lead < _options.SegmentLead && run.HasNext)
            {
                Start(run, run.SegmentsStarted++);
            }
        }
    }

    private void Start(SpeechRun run, int segment)
    {
        try
        {
            _sequences.Add(_model.Start(run, segment));
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

    /// <summary>Turns a chunk of each into sound. Who is alone can be cancelled on the way.</summary>
    private void Speak(Sequence[] sequences)
    {
        FlowRequest?[] requests = [.. sequences.Select(sequence => sequence.TakeChunk())];
        var cancellation = sequences is [var only] ? only.Run.Cancellation : CancellationToken.None;
        IReadOnlyList<FlowRequest> asked = [.. requests.OfType<FlowRequest>()];
        var mels = new Queue<Tensor>(asked.Count > 0 ? _model.Flow.Generate(asked, cancellation) : []);
        var prepared = new List<Sequence>();
        for (var i = 0; i < sequences.Length; i++)
        {
            using var mel = requests[i] is null ? null : mels.Dequeue();
            if (Guard([sequences[i]], one => one[0].Prepare(mel)))
            {
                prepared.Add(sequences[i]);
            }
        }

        foreach (var alike in prepared.GroupBy(sequence => sequence.Passage?.Frames ?? 0))
        {
            foreach (var call in alike.Chunk(alike.Key == 0 ? 1 : _model.Vocoder.BatchSizeOf(alike.Key)))
            {
                Guard(call, Decode);
            }
        }
    }

    /// <summary>Decodes passages of one length together; a sequence that has none stands alone.</summary>
    private void Decode(Sequence[] sequences)
    {
        VocoderPassage[] passages = [.. sequences.Select(sequence => sequence.Passage).OfType<VocoderPassage>()];
        var decoded = passages.Length > 0 ? _model.Vocoder.Decode(passages) : [];
        for (var i = 0; i < sequences.Length; i++)
        {
            var samples = decoded.ElementAtOrDefault(i);
            Guard([sequences[i]], one => one[0].Speak(samples, Now));
        }
    }

    private void Advance(Sequence[] sequences, int[] inputs)
    {
        if (Array.Find(sequences, sequence => sequence.Needed > sequence.Cache.Capacity) is { } tooLong)
        {
            End(tooLong.Run, new CacheCapacityException(tooLong.Needed, tooLong.Cache.Capacity));
            return; // The others are asked again.
        }

        var tokens = new DrawnToken[sequences.Length];
        var steps = sequences.Select((sequence, i) => new LanguageModelStep(sequence.Cache, sequence.Decoder.NextInputs(inputs[i]))
        {
            Draw = sequence.Decoder.Draw(inputs[i]),
        });
        try
        {
            _model.LanguageModel.Sample([.. steps], _model.Sampler, tokens);
        }
        catch (OutOfMemoryException error)
        {
            // Caches are as before. With the room of one the others get on; that it is the last who came lets the first end.
            End(LastToHoldCache(), error);
            return;
        }

        for (var i = 0; i < sequences.Length; i++)
        {
            var (taken, token) = (inputs[i], tokens[i].Id);
            Guard([sequences[i]], one => Accept(one[0], taken, token));
        }
    }

    private void Accept(Sequence sequence, int inputs, int token)
    {
        if (token < 0)
        {
            throw NotFinite.Error("The scores");
        }

        sequence.Decoder.Accept(inputs, token);
        if (!sequence.Decoder.Ended)
        {
            return;
        }

        sequence.Cache.Dispose(); // Long before it has been heard: others need the room.
        if (_model.StartAgain(sequence) is { } again)
        {
            _sequences[_sequences.IndexOf(sequence)] = again;
            sequence.Dispose();
        }
    }

    /// <summary>Of those whose tokens are being decoded the one who came last, of the background if any is.</summary>
    private SpeechRun LastToHoldCache() => _sequences.Where(sequence => !sequence.Decoder.Ended).Select(sequence => sequence.Run)
        .OrderBy(run => run.Request.Background).ThenBy(_runs.IndexOf).Last();

    /// <summary>A step that fails ends the requests it was made for, and no other.</summary>
    /// <returns>Whether it did not fail.</returns>
    private bool Guard(Sequence[] sequences, Action<Sequence[]> step)
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
}
