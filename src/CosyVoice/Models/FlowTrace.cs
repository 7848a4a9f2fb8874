using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>Sees a stage's result while the flow runs, for parity tests. The values are overwritten afterwards.</summary>
/// <param name="values">[rows, columns].</param>
internal delegate void FlowTrace(string stage, ReadOnlySpan<float> values, int columns);

/// <summary>Shows the guided sequence of a <see cref="FramePair"/> to a trace.</summary>
internal sealed class FramePairTrace(FlowTrace trace, FramePair frames)
{
    /// <param name="x">[rows, channels].</param>
    public void Record(string stage, Tensor x) => trace(stage, x.RowRange(frames.Start(0), frames.Frames), x.Columns);
}
