using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>Estimates the direction from noise to mel.</summary>
internal interface IFrameEstimator
{
    /// <summary>The direction at the time of a solver step.</summary>
    /// <param name="input">x, mu, speaker and condition side by side, [batch, size, 4 * mel bins].</param>
    /// <param name="mask">[batch, 1, size, size].</param>
    /// <param name="frames">How many of size are real, for the trace.</param>
    /// <returns>[batch, size, mel bins].</returns>
    Tensor Forward(Tensor input, int step, Tensor mask, int frames, TorchTrace? trace);
}
