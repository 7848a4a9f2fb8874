using System.Collections.Concurrent;
using CosyVoice.Models;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// How many passages of a length are decoded side by side, used or not. It follows from the length alone: shapes run the same
/// kernels whoever speaks.
/// </summary>
/// <param name="decode">What mel [batch, bins, frames] and excitation [batch, 1, samples] become on the way, each [batch, ..].</param>
/// <param name="width">The most.</param>
internal sealed class PassageRows(Func<Tensor, Tensor, Tensor[]> decode, HiftConfig config, Device device, int width)
{
    /// <summary>A longer passage is work enough for a device: side by side nothing is gained, and rows that nobody uses would cost.</summary>
    private const int LongestShared = 160;

    private readonly ConcurrentDictionary<int, bool> _areAlike = [];

    /// <summary>Passages of so many frames that a call takes.</summary>
    public int Most(int frames) => frames <= LongestShared ? width : 1;

    /// <summary>
    /// Passages that are decoded side by side: one where a library's convolution gives other bits in another row, which is found
    /// out when a length first occurs.
    /// </summary>
    public int Of(int frames) => Most(frames) > 1 && _areAlike.GetOrAdd(frames, AreAlike) ? width : 1;

    private bool AreAlike(int frames)
    {
        using var scope = NewDisposeScope();
        return Array.TrueForAll(decode(Rows(config.InChannels, frames, 4), Rows(1, frames * config.HopLength, 0.1)), AllSame);

        Tensor Rows(long channels, long length, double loudness) =>
            arange(channels * length, ScalarType.Float32, device).mul(0.7).sin().mul(loudness).view(1, channels, length).repeat(width, 1, 1);

        static bool AllSame(Tensor x) => x.eq(x.narrow(0, 0, 1)).all().item<bool>();
    }
}
