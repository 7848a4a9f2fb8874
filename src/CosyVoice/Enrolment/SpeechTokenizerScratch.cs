using CosyVoice.Kernels;
using CosyVoice.Models;

namespace CosyVoice.Enrolment;

/// <summary>What the speech tokenizer needs while it runs; T tokens.</summary>
internal sealed class SpeechTokenizerScratch : IDisposable
{
    /// <summary>Rows that a thread takes at once where every row is by itself.</summary>
    public const int BlockRows = 48;

    public Tensor Convolved { get; } = new(); // [2 T, width]

    public Tensor Normed { get; } = new(); // [T, width]

    public Tensor Joined { get; } = new(); // queries, keys, values: [T, 3 * width]

    public Tensor Attended { get; } = new(); // [T, width]

    public Tensor Hidden { get; } = new(); // [T, 4 * width]

    public ThreadScratch<AttentionHead> Heads { get; } = new();

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[Convolved, Normed, Joined, Attended, Hidden])
        {
            tensor.Dispose();
        }

        Heads.Dispose();
    }
}
