using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// Pitch of every mel frame: mel [frames, 80] - five times (conv k3, ELU) [frames, cond] - linear to one value -
/// its magnitude is f0 in Hz.
/// Source: <c>ConvRNNF0Predictor</c> of the CosyVoice reference.
/// </summary>
internal sealed class F0Predictor : IDisposable
{
    /// <summary>Frames at either side of a frame that its pitch depends on.</summary>
    public const int Reach = Depth * (Kernel / 2);

    private const int Depth = 5;
    private const int Kernel = 3;

    public F0Predictor(WeightScope w, int inChannels, int condChannels)
    {
        // The even indices of the checkpoint's list; the odd ones are the ELUs.
        Condnet = [.. Enumerable.Range(0, Depth)
            .Select(i => new Conv1d(w["condnet"][2 * i], i == 0 ? inChannels : condChannels, condChannels, Kernel))];
        Classifier = new Linear(w["classifier"], condChannels, 1);
    }

    private Conv1d[] Condnet { get; }

    private Linear Classifier { get; }

    /// <param name="mel">[frames, mel bins].</param>
    /// <returns>f0 in Hz, [frames, 1], a tensor of <paramref name="scratch"/>.</returns>
    public Tensor Forward(Workers workers, Tensor mel, HiftScratch scratch)
    {
        var (x, y, free) = (mel, scratch.Condition0, scratch.Condition1);
        foreach (var conv in Condnet)
        {
            conv.Forward(workers, x, y, Kernel / 2, Kernel / 2);
            Activations.Elu(y.Span);
            (x, y, free) = (y, free, y);
        }

        Classifier.Forward(workers, x, y);
        foreach (ref var f0 in y.Span)
        {
            f0 = MathF.Abs(f0);
        }

        return y;
    }

    public void Dispose()
    {
        foreach (var conv in Condnet)
        {
            conv.Dispose();
        }

        Classifier.Dispose();
    }
}
