using System.Collections.Concurrent;

namespace CosyVoice.Models;

/// <summary>Scratch of calls that are over, for those that come.</summary>
internal sealed class HiftScratchPool : IDisposable
{
    private readonly ConcurrentBag<HiftScratch> _free = [];

    public HiftScratch Rent() => _free.TryTake(out var scratch) ? scratch : new HiftScratch();

    public void Return(HiftScratch scratch) => _free.Add(scratch);

    public void Dispose()
    {
        while (_free.TryTake(out var scratch))
        {
            scratch.Dispose();
        }
    }
}
