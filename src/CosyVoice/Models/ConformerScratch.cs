using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>What the encoder needs while it runs; T tokens, later frames.</summary>
internal sealed class ConformerScratch : IDisposable
{
    /// <summary>Embedded tokens, the look-ahead or zeros behind them, [T + look-ahead, width].</summary>
    public Tensor Embedded { get; } = new();

    public Tensor Lookahead { get; } = new(); // [2 + T, width]

    /// <summary>What the layers before upsampling work on, [T, width].</summary>
    public Tensor Lower { get; } = new();

    /// <summary>Repeated frames behind the zeros that the convolution starts from, [padding + ratio * T, width].</summary>
    public Tensor Repeated { get; } = new();

    public Tensor Convolved { get; } = new(); // [ratio * T, width]

    /// <summary>What the layers after upsampling work on, and the result, [ratio * T, width].</summary>
    public Tensor Upper { get; } = new();

    public Tensor Positions { get; } = new(); // [2 T - 1, width]

    public Tensor PositionKeys { get; } = new(); // [2 T - 1, width]

    public Tensor Normed { get; } = new(); // [T, width]

    public Tensor Joined { get; } = new(); // [T, 3 * width]

    public Tensor Attended { get; } = new(); // [T, width]

    public Tensor Hidden { get; } = new(); // [T, linear units]

    public ThreadScratch<RelativeHead> Heads { get; } = new();

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[Embedded, Lookahead, Lower, Repeated, Convolved, Upper, Positions, PositionKeys, Normed, Joined, Attended, Hidden])
        {
            tensor.Dispose();
        }

        Heads.Dispose();
    }
}
