using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CosyVoice.State;
using CosyVoice.Text.Arriving;

namespace CosyVoice.Engine;

/// <summary>One thread that owns a model and speaks for everybody. A request's samples depend on the request alone.</summary>
public sealed class SpeechEngine : IDisposable
{
    private readonly SpeechModel _model;
    private readonly TimeProvider _time;
    private readonly SpeechBatch _batch;
    private readonly ConcurrentQueue<SpeechRun> _arrivals = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _loop;
    private volatile bool _stopped;

    /// <param name="model">Must outlive the engine; the caller disposes it.</param>
    public SpeechEngine(SpeechModel model, SpeechEngineOptions? options = null, TimeProvider? time = null)
    {
        _model = model;
        _time = time ?? TimeProvider.System;
        _batch = new SpeechBatch(model, options ?? new(), () => Now);
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
            _batch.Clear();
            while (_batch.HasPlace && _arrivals.TryDequeue(out var run))
            {
                _batch.Add(run);
            }

            if (!_batch.Step())
            {
                _wake.WaitOne();
            }
        }

        while (_arrivals.TryDequeue(out var run))
        {
            _batch.Add(run);
        }

        _batch.EndAll(new ObjectDisposedException(nameof(SpeechEngine)));
    }
}
