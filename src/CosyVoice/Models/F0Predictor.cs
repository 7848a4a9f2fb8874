using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// Pitch of every mel frame: mel [frames, 80] - five times (convolution, ELU) [frames, cond] - linear to one value -
/// its magnitude is f0 in Hz. The convolutions have three taps around the frame; in CosyVoice 3 the first has the frame and
/// three behind it, the others the frame and two before it.
/// Source: <c>ConvRNNF0Predictor</c> and <c>CausalConvRNNF0Predictor</c> of the CosyVoice reference. In float64, as there in
/// version 3 only: the excitation's phase is the sum of all frames' pitch, which would add up their rounding.
/// </summary>
internal sealed class F0Predictor : IPitchPredictor
{
    private const int Depth = 5;

    private static readonly PitchTaps[] Centred = [.. Enumerable.Repeat(new PitchTaps(1, 1), Depth)];
    private static readonly PitchTaps[] Causal = [new(0, 3), .. Enumerable.Repeat(new PitchTaps(2, 0), Depth - 1)];

    private readonly IReadOnlyList<PitchTaps> _taps;
    private readonly float[] _classifierWeight; // [cond]
    private readonly float _classifierBias;

    public F0Predictor(WeightScope w, int inChannels, int condChannels, bool causal)
    {
        _taps = TapsOf(causal);
        // The even indices of the checkpoint's list; the odd ones are the ELUs.
        Condnet = [.. Enumerable.Range(0, Depth)
            .Select(i => new PreciseConv1d(w["condnet"][2 * i], i == 0 ? inChannels : condChannels, condChannels, _taps[i].Count))];
        _classifierWeight = w["classifier"].Get("weight", 1, condChannels).ToFloats();
        _classifierBias = w["classifier"].Get("bias", 1).ToFloats()[0];
    }

    public int Before => _taps.Sum(taps => taps.Before);

    public int After => _taps.Sum(taps => taps.After);

    private PreciseConv1d[] Condnet { get; }

    /// <summary>What every convolution sees.</summary>
    public static IReadOnlyList<PitchTaps> TapsOf(bool causal) => causal ? Causal : Centred;

    public Tensor Forward(Workers workers, Tensor mel, int first, HiftScratch scratch)
    {
        var (rows, channels) = (mel.Rows, Condnet[0].Outputs);
        var x = Padded(mel, _taps[0]);
        for (var i = 0; i < Depth; i++)
        {
            var next = i + 1 < Depth ? _taps[i + 1] : default;
            var y = new double[(next.Before + rows + next.After) * channels];
            Condnet[i].Forward(workers, x, y.AsMemory(next.Before * channels), rows);
            Elu(y.AsSpan(next.Before * channels, rows * channels));
            x = y;
        }

        scratch.Pitch.Resize(rows, 1);
        for (var row = 0; row < rows; row++)
        {
            double sum = _classifierBias;
            for (var c = 0; c < channels; c++)
            {
                sum += x[(row * channels) + c] * _classifierWeight[c];
            }

            scratch.Pitch.Span[row] = (float)Math.Abs(sum);
        }

        return scratch.Pitch;
    }

    /// <summary>[before + frames + after, bins]: rows of zeros at the ends.</summary>
    private static double[] Padded(Tensor mel, PitchTaps taps)
    {
        var x = new double[(taps.Before + mel.Rows + taps.After) * mel.Columns];
        var values = mel.Span;
        for (var i = 0; i < values.Length; i++)
        {
            x[(taps.Before * mel.Columns) + i] = values[i];
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

/// <summary>Frames that a convolution of the predictor sees around the frame.</summary>
internal readonly record struct PitchTaps(int Before, int After)
{
    public int Count => Before + 1 + After;
}
