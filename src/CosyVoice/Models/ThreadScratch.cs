using System.Collections.Concurrent;

namespace CosyVoice.Models;

/// <summary>Scratch that is lent to one piece of work at a time, grown to as many as run at once.</summary>
internal sealed class ThreadScratch<T> : IDisposable
    where T : class, IDisposable, new()
{
    private readonly ConcurrentBag<T> _idle = [];

    public T Rent() => _idle.TryTake(out var scratch) ? scratch : new T();

    public void Return(T scratch) => _idle.Add(scratch);

    public void Dispose()
    {
        while (_idle.TryTake(out var scratch))
        {
            scratch.Dispose();
        }
    }
}
