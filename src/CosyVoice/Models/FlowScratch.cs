using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>The memory of one call of the flow, kept for the next.</summary>
internal sealed class FlowScratch : IDisposable
{
    public Tensor Tokens { get; } = new(); // embedded, [tokens, input size]

    public Tensor Mu { get; } = new(); // [frames, mel bins]

    public ConformerScratch Encoder { get; } = new();

    public EstimatorScratch Estimator { get; } = new();

    public void Dispose()
    {
        Tokens.Dispose();
        Mu.Dispose();
        Encoder.Dispose();
        Estimator.Dispose();
    }
}
