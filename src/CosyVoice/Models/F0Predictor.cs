using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// Pitch of every mel frame: mel [frames, 80] - five times (conv k3, ELU) [frames, cond] - linear to one value -
/// its magnitude is f0 in Hz.
/// Source: <c>ConvRNNF0Predictor</c> of the CosyVoice reference. In float64, unlike there: the excitation's phase is the sum
/// of all frames' pitch, which would add up their rounding.
/// </summary>
internal sealed class F0Predictor
{
    /// <summary>Frames at either side of a frame that its pitch depends on.</summary>
    public const int Reach = Depth * (Kernel / 2);

    private const int Depth = 5;
    private const int Kernel = 3;

    private readonly float[] _classifierWeight; // [cond]
    private readonly float _classifierBias;

    public F0Predictor(WeightScope w, int inChannels, int condChannels)
    {
        // The even indices of the checkpoint's list; the odd ones are the ELUs.
        Condnet = [.. Enumerable.Range(0, Depth)
            .Select(i => new PreciseConv1d(w["condnet"][2 * i], i == 0 ? inChannels : condChannels, condChannels, Kernel))];
        _classifierWeight = w["classifier"].Get("weight", 1, condChannels).ToFloats();
        _classifierBias = w["classifier"].Get("bias", 1).ToFloats()[0];
    }

    private PreciseConv1d[] Condnet { get; }

    /// <param name="mel">[frames, mel bins].</param>
    /// <returns>f0 in Hz, [frames, 1], a tensor of <paramref name="scratch"/>.</returns>
    public Tensor Forward(Workers workers, Tensor mel, HiftScratch scratch)
    {
        var (rows, channels) = (mel.Rows, Condnet[0].Outputs);
        var x = Padded(mel);
        foreach (var conv in Condnet)
        {
            var y = new double[(rows + Kernel - 1) * channels];
            conv.Forward(workers, x, y.AsMemory(channels), rows);
            Elu(y.AsSpan(channels, rows * channels));
            x = y;
        }

        scratch.Pitch.Resize(rows, 1);
        for (var row = 0; row < rows; row++)
        {
            double sum = _classifierBias;
            for (var c = 0; c < channels; c++)
            {
                sum += x[((row + 1) * channels) + c] * _classifierWeight[c];
            }

            scratch.Pitch.Span[row] = (float)Math.Abs(sum);
        }

        return scratch.Pitch;
    }

    /// <summary>[frames + 2, bins]: a row of zeros at either end.</summary>
    private static double[] Padded(Tensor mel)
    {
        var x = new double[(mel.Rows + Kernel - 1) * mel.Columns];
        var values = mel.Span;
        for (var i = 0; i < values.Length; i++)
        {
            x[mel.Columns + i] = values[i];
        }

        return x;
    }

    private static void Elu(Span<double> x)
    {
        foreach (ref var value in x)
        {
            value = value > 0 ? value : Math.Exp(value) - 1;
        }
    }
}
