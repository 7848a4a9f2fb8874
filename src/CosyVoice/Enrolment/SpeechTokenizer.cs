using CosyVoice.Enrolment.Onnx;
using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Enrolment;

/// <summary>
/// What is said, 25 times in a second: whisper's mel to speech tokens, with the weights of speech_tokenizer_v2.onnx or _v3.onnx. The
/// versions differ in their number of blocks.
///   conv1 (stride 2), gelu, conv2 (stride 2), gelu, blocks
///   digits = round(0.999 tanh(projection)) + 1, each 0, 1 or 2; token = sum of digit_i 3^i (finite scalar quantisation, Mentzer et
///   al. 2023)
/// </summary>
internal sealed class SpeechTokenizer : IDisposable
{
    private const int Stride = 2;
    private const int Levels = 3;
    private const float Squeeze = 0.9990000128746033f;
    private const float RotaryBase = 10_000;
    private const int HalfHead = SpeechTokenizerBlock.HeadSize / 2;

    private readonly Workers _workers;
    private readonly Conv1d _conv1;
    private readonly Conv1d _conv2;
    private readonly List<SpeechTokenizerBlock> _blocks = [];
    private readonly Linear _projection;

    /// <summary>Packs the weights; the file may be disposed then.</summary>
    /// <exception cref="CheckpointException">No speech tokenizer, or not one of this kind.</exception>
    public SpeechTokenizer(OnnxFile file, Workers workers)
    {
        var weights = new SpeechTokenizerWeights(file);
        var (first, second, last) = (weights.Convolution(0), weights.Convolution(1), weights.Projection());
        var width = second.Outputs;
        if (first.Outputs != second.Inputs || last.Inputs != width || width % SpeechTokenizerBlock.HeadSize != 0 || first.Taps != 3 || second.Taps != 3)
        {
            throw new CheckpointException(
                file.Path, [$"layers of {first.Inputs}, {first.Outputs}, {second.Inputs}, {width} and {last.Inputs} channels do not make a speech tokenizer"]);
        }

        (_workers, MelBins, Codes) = (workers, first.Inputs, (int)Math.Pow(Levels, last.Outputs));
        _conv1 = new Conv1d(first.Weight, first.Bias, first.Inputs, first.Outputs, first.Taps, Stride);
        _conv2 = new Conv1d(second.Weight, second.Bias, second.Inputs, second.Outputs, second.Taps, Stride);
        _projection = Linear.OfColumns(last.Weight, last.Bias, last.Inputs, last.Outputs);
        for (var i = 0; i < weights.Blocks; i++)
        {
            _blocks.Add(new SpeechTokenizerBlock(weights, i, width));
        }
    }

    public int MelBins { get; }

    /// <summary>Tokens are 0 to one less.</summary>
    public int Codes { get; }

    /// <param name="mel">[frames, MelBins], at least one frame.</param>
    /// <param name="watch">Is shown values within under the names of the reference.</param>
    /// <returns>Every fourth frame, rounded up, one token.</returns>
    public int[] Encode(Tensor mel, Action<string, Tensor>? watch = null)
    {
        using var scratch = new SpeechTokenizerScratch();
        using var x = new Tensor();
        _conv1.Forward(_workers, mel, scratch.Convolved, 1, 1);
        watch?.Invoke("conv1_out", scratch.Convolved);
        Gelu(scratch.Convolved);
        _conv2.Forward(_workers, scratch.Convolved, x, 1, 1);
        Gelu(x);
        using var cosines = Rotation(x.Rows, MathF.Cos);
        using var sines = Rotation(x.Rows, MathF.Sin);
        for (var i = 0; i < _blocks.Count; i++)
        {
            _blocks[i].Forward(_workers, x, cosines, sines, scratch);
            watch?.Invoke($"block{i}_out", x);
        }

        watch?.Invoke("encoder_out", x);
        _projection.Forward(_workers, x, scratch.Normed);
        watch?.Invoke("fsq_pre", scratch.Normed);
        return Quantize(scratch.Normed);
    }

    public void Dispose()
    {
        _conv1.Dispose();
        _conv2.Dispose();
        _projection.Dispose();
        foreach (var block in _blocks)
        {
            block.Dispose();
        }
    }

    private void Gelu(Tensor x) => _workers.ForRows(
        x.Rows, SpeechTokenizerScratch.BlockRows, (start, end) => Activations.GeluErf(x.RowRange(start, end - start)));

    /// <summary>A function of position times frequency, [positions, 32].</summary>
    private static Tensor Rotation(int positions, Func<float, float> function)
    {
        var rotation = new Tensor();
        rotation.Resize(positions, HalfHead);
        for (var position = 0; position < positions; position++)
        {
            var row = rotation.Row(position);
            for (var m = 0; m < HalfHead; m++)
            {
                row[m] = function(position * (1 / MathF.Pow(RotaryBase, (float)m / HalfHead)));
            }
        }

        return rotation;
    }

    /// <summary>[T, digits] to T tokens; halves are rounded to even.</summary>
    private static int[] Quantize(Tensor projected)
    {
        var tokens = new int[projected.Rows];
        for (var t = 0; t < tokens.Length; t++)
        {
            var factor = 1;
            foreach (var value in projected.Row(t))
            {
                tokens[t] += factor * ((int)MathF.Round(MathF.Tanh(value) * Squeeze) + 1);
                factor *= Levels;
            }
        }

        return tokens;
    }
}
