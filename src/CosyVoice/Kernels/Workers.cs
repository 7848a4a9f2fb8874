using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace CosyVoice.Kernels;

/// <summary>
/// The threads that compute. A loop is divided by index, never along a reduction, so no result depends on
/// the number of threads.
/// </summary>
/// <remarks>
/// Made for loops of microseconds, thousands in a second: idle threads watch for the next loop for a short
/// while before they sleep, the caller computes too, and a thread that wakes too late is not waited for.
/// One loop at a time is shared out; a loop started while another runs (nested, or by a second caller) is
/// computed by its caller alone.
/// </remarks>
public sealed class Workers : IDisposable
{
    private static readonly long WatchTicks = Stopwatch.Frequency * 50 / 1_000_000;

    private readonly Thread[] _threads;
    private readonly Sleeper[] _sleepers;
    private readonly Loop _loop = new();
    private int _taken; // 1 while a loop is shared out
    private int _generation; // counts loops, so that a watching thread sees a new one
    private int _open; // 1 while threads may join the loop
    private int _joined; // threads that are inside the loop, or about to find that it is closed
    private volatile bool _disposed;

    public Workers(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _sleepers = [.. Enumerable.Range(1, threads - 1).Select(_ => new Sleeper())];
        _threads = [.. _sleepers.Select((sleeper, index) => new Thread(() => Work(sleeper)) { IsBackground = true, Name = $"Worker {index + 1}" })];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>How many threads compute, the caller included; at least 1.</summary>
    public int Threads { get; }

    /// <summary>
    /// Runs <paramref name="body"/> once for every index in [0, count) and returns when all have finished. After
    /// an exception no further index starts; the first exception is thrown to the caller.
    /// </summary>
    public void For(int count, Action<int> body)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Threads == 1 || count <= 1 || Interlocked.CompareExchange(ref _taken, 1, 0) != 0)
        {
            for (var i = 0; i < count; i++)
            {
                body(i);
            }

            return;
        }

        _loop.Start(count, body);
        Volatile.Write(ref _open, 1);
        Interlocked.Increment(ref _generation);
        foreach (var sleeper in _sleepers)
        {
            sleeper.Wake();
        }

        _loop.Run();
        Interlocked.Exchange(ref _open, 0);
        var spinner = new SpinWait();
        while (Volatile.Read(ref _joined) != 0)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }

        var failure = _loop.Finish();
        Volatile.Write(ref _taken, 0);
        failure?.Throw();
    }

    /// <summary>Ends the threads. Not to be called while a loop runs.</summary>
    public void Dispose()
    {
        _disposed = true;
        Interlocked.Increment(ref _generation);
        foreach (var sleeper in _sleepers)
        {
            sleeper.Wake();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        foreach (var sleeper in _sleepers)
        {
            sleeper.Dispose();
        }
    }

    private void Work(Sleeper sleeper)
    {
        var seen = 0;
        while (true)
        {
            AwaitGeneration(sleeper, seen);
            seen = Volatile.Read(ref _generation);
            if (_disposed)
            {
                return;
            }

            // Joining before looking whether the loop is open, while the caller closes before looking who has
            // joined: one of the two always sees the other.
            Interlocked.Increment(ref _joined);
            if (Volatile.Read(ref _open) != 0)
            {
                _loop.Run();
            }

            Interlocked.Decrement(ref _joined);
        }
    }

    private void AwaitGeneration(Sleeper sleeper, int seen)
    {
        var start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _generation) == seen)
        {
            if (Stopwatch.GetTimestamp() - start < WatchTicks)
            {
                Thread.SpinWait(4);
                continue;
            }

            sleeper.Announce();
            if (Volatile.Read(ref _generation) == seen || !sleeper.Withdraw())
            {
                sleeper.Sleep();
            }
        }
    }

    /// <summary>The loop being shared out: indices are taken one by one.</summary>
    private sealed class Loop
    {
        private Action<int>? _body;
        private int _count;
        private int _next;
        private ExceptionDispatchInfo? _failure;

        public void Start(int count, Action<int> body)
        {
            (_body, _count, _failure) = (body, count, null);
            Volatile.Write(ref _next, 0);
        }

        public void Run()
        {
            try
            {
                for (var i = Interlocked.Increment(ref _next) - 1; i < _count; i = Interlocked.Increment(ref _next) - 1)
                {
                    _body!(i);
                }
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null);
                Volatile.Write(ref _next, _count);
            }
        }

        public ExceptionDispatchInfo? Finish()
        {
            _body = null;
            return _failure;
        }
    }

    /// <summary>Puts one thread to sleep such that a wake-up is never lost.</summary>
    private sealed class Sleeper : IDisposable
    {
        private readonly AutoResetEvent _signal = new(false);
        private int _asleep;

        public void Wake()
        {
            if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0)
            {
                _signal.Set();
            }
        }

        /// <summary>From here on <see cref="Wake"/> signals; the thread looks for work once more before it sleeps.</summary>
        public void Announce() => Interlocked.Exchange(ref _asleep, 1);

        /// <summary>Takes the announcement back; false when a signal is already on its way and must be waited for.</summary>
        public bool Withdraw() => Interlocked.Exchange(ref _asleep, 0) != 0;

        public void Sleep() => _signal.WaitOne();

        public void Dispose() => _signal.Dispose();
    }
}
