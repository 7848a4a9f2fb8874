using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using HostTensor = CosyVoice.Kernels.Tensor;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// <see cref="F0Predictor"/> on a device, in float64 too. Kernels for other shapes may round otherwise, and an excitation whose mel
/// was cut otherwise would be another one; so pitch is predicted in blocks of the utterance, which all have one shape and
/// begin at the same frames however the mel arrives.
/// </summary>
internal sealed class TorchPitchPredictor : IPitchPredictor
{
    private const int BlockFrames = 128;

    private readonly TorchOptions _options;
    private readonly Device _device;
    private readonly IReadOnlyList<PitchTaps> _taps;
    private readonly (Tensor Weight, Tensor Bias)[] _condnet; // [outputs, taps * inputs] and [outputs]
    private readonly (Tensor Weight, Tensor Bias) _classifier;

    public TorchPitchPredictor(DeviceStore store, WeightScope w, HiftConfig config, TorchOptions options)
    {
        _options = options;
        var condChannels = config.F0CondChannels;
        (_device, _taps) = (store.Device, F0Predictor.TapsOf(config.IsCausal));
        _condnet = [.. _taps.Select((taps, i) => Layer(w["condnet"][2 * i], i == 0 ? config.InChannels : condChannels, taps.Count))];
        _classifier = (
            store.Keep(OnDevice(w["classifier"].Get("weight", 1, condChannels).ToFloats(), 1, condChannels)),
            store.Keep(OnDevice(w["classifier"].Get("bias", 1).ToFloats(), 1)));

        (Tensor Weight, Tensor Bias) Layer(WeightScope layer, int inputs, int taps)
        {
            using var scope = NewDisposeScope();
            var weight = OnDevice(WeightNorm.Read(layer, condChannels, inputs, taps), condChannels, inputs, taps);
            return (
                store.Keep(weight.transpose(1, 2).reshape(condChannels, taps * inputs)),
                store.Keep(OnDevice(layer.Get("bias", condChannels).ToFloats(), condChannels)));
        }
    }

    public int Before => _taps.Sum(taps => taps.Before);

    public int After => _taps.Sum(taps => taps.After);

    public HostTensor Forward(Workers workers, HostTensor mel, int first, HiftScratch scratch)
    {
        scratch.Pitch.Resize(mel.Rows, 1);
        using var inference = inference_mode();
        for (var block = first / BlockFrames * BlockFrames; block < first + mel.Rows; block += BlockFrames)
        {
            var start = block;
            var pitch = TorchMemory.Guard(_options, () => Predict(mel, first, start));
            var from = Math.Max(block, first);
            var end = Math.Min(block + BlockFrames, first + mel.Rows);
            pitch.AsSpan(from - block, end - from).CopyTo(scratch.Pitch.Span[(from - first)..]);
        }

        return scratch.Pitch;
    }

    /// <summary>The pitch of frames [block, block + BlockFrames); those whose mel is not there have one without a meaning.</summary>
    private float[] Predict(HostTensor mel, int first, int block)
    {
        using var scope = NewDisposeScope();
        var (start, rows) = (block - Before, Before + BlockFrames + After);
        var x = OnDevice(Window(mel, first, start, rows), 1, rows, mel.Columns);
        for (var i = 0; i < _condnet.Length; i++)
        {
            (start, rows) = (start + _taps[i].Before, rows - _taps[i].Count + 1);
            var inputs = x.shape[2];
            var windows = x.as_strided([rows, _taps[i].Count * inputs], [inputs, 1]).contiguous();
            x = functional.elu(functional.linear(windows, _condnet[i].Weight, _condnet[i].Bias), 1).unsqueeze(0);
            x = OnlyInside(x, first + mel.Rows, start, rows);
        }

        return functional.linear(x, _classifier.Weight, _classifier.Bias).abs().ToFloats();
    }

    /// <summary>Every layer of the reference begins and ends with zeros, not with what it makes of zeros.</summary>
    private static Tensor OnlyInside(Tensor x, int end, int start, int rows)
    {
        if (start < 0)
        {
            x.narrow(1, 0, -start).zero_();
        }

        var behind = Math.Clamp(start + rows - end, 0, rows);
        if (behind > 0)
        {
            x.narrow(1, rows - behind, behind).zero_();
        }

        return x;
    }

    /// <summary>Frames [start, start + rows) of the utterance, zeros where the passage that begins at frame first has none.</summary>
    private static double[] Window(HostTensor mel, int first, int start, int rows)
    {
        var window = new double[rows * mel.Columns];
        var from = Math.Max(start, first);
        var end = Math.Min(start + rows, first + mel.Rows);
        for (var frame = from; frame < end; frame++)
        {
            var source = mel.Row(frame - first);
            for (var bin = 0; bin < source.Length; bin++)
            {
                window[((frame - start) * source.Length) + bin] = source[bin];
            }
        }

        return window;
    }

    private Tensor OnDevice(float[] values, params long[] shape) => OnDevice(Array.ConvertAll(values, value => (double)value), shape);

    private Tensor OnDevice(double[] values, params long[] shape) => tensor(values, shape, device: _device);
}
