using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>Estimates the direction from noise to mel, for the guided and the unguided sequence at once.</summary>
internal interface IEstimator : IDisposable
{
    /// <summary>Rows of zeros that it wants before each sequence.</summary>
    int Gap { get; }

    /// <summary>
    /// s.Input [rows, 4 * mel bins], which is x, mu, speaker and condition side by side, at the time of
    /// <paramref name="step"/>, to s.Output [rows, mel bins].
    /// </summary>
    void Forward(Workers workers, FramePair frames, int step, bool streaming, EstimatorScratch s, FlowTrace? trace);
}
