using TorchSharp;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>What is added to attention scores: nothing for a key that the query sees, minus infinity for others.</summary>
internal static class AttentionMask
{
    /// <param name="size">Positions, padding included.</param>
    /// <param name="length">Those that are real; only they are seen.</param>
    /// <param name="chunk">Positions per chunk: a query sees its chunk and those before it. 0: everything.</param>
    /// <returns>[1, 1, size, size].</returns>
    public static Tensor Create(DeviceStore store, int size, int length, int chunk)
    {
        var mask = new Models.ChunkMask(chunk);
        using var scope = NewDisposeScope();
        var limits = torch.tensor([.. Enumerable.Range(0, size).Select(i => mask.Limit(i, length))], [size, 1], device: store.Device);
        var keys = arange(size, ScalarType.Int32, store.Device);
        return scope.MoveToOuter(zeros([1, 1, size, size], store.Type, store.Device).masked_fill_(keys.ge(limits), float.NegativeInfinity));
    }
}
