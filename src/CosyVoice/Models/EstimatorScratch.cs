using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>What the estimator needs while it runs. Rows are those of <see cref="FramePair"/>.</summary>
internal sealed class EstimatorScratch : IDisposable
{
    /// <summary>x, mu, speaker, condition, [rows, in channels]; x is the solver's state.</summary>
    public Tensor Input { get; } = new();

    public Tensor State { get; } = new(); // what a stage reads or writes, in turns with Previous, [rows, channels]

    public Tensor Previous { get; } = new(); // [rows, channels]

    /// <summary>The way up's input: the middle's result beside the way down's, [rows, 2 * channels].</summary>
    public Tensor Joined { get; } = new();

    public Tensor Convolved { get; } = new(); // [rows, channels]

    public Tensor Normed { get; } = new(); // [rows, channels]

    public Tensor Projected { get; } = new(); // queries, keys and values, [rows, 3 * heads * head size]

    public Tensor Attended { get; } = new(); // [rows, heads * head size]

    public Tensor Hidden { get; } = new(); // [rows, 4 * channels]

    public Tensor Branch { get; } = new(); // what is added to the state, [rows, channels]

    public Tensor Rotation { get; } = new(); // cosines and sines of every position, [frames, 2 * pairs]

    /// <summary>The estimate, [rows, out channels].</summary>
    public Tensor Output { get; } = new();

    public ThreadScratch<AttentionHead> Heads { get; } = new();

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[Input, State, Previous, Joined, Convolved, Normed, Projected, Attended, Hidden, Branch, Rotation, Output])
        {
            tensor.Dispose();
        }

        Heads.Dispose();
    }
}
