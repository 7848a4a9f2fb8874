using CosyVoice.Models;
using static TorchSharp.torch;

namespace CosyVoice.Torch.LanguageModel;

/// <summary>What depends on positions alone.</summary>
internal sealed class TorchTables
{
    /// <summary>What they take at most for each position.</summary>
    public static long BytesOfPosition(Qwen2Config config, ScalarType type) => (2 * config.HeadSize * type.Bytes()) + (2 * sizeof(long));

    /// <param name="positions">That a sequence can have.</param>
    public TorchTables(Qwen2Config config, int positions, TorchWeights weights, DeviceStore store)
    {
        var half = config.HeadSize / 2;
        var (cosines, sines) = (new float[positions * config.HeadSize], new float[positions * config.HeadSize]);
        for (var m = 0; m < half; m++)
        {
            var frequency = 1 / MathF.Pow(config.RopeTheta, 2f * m / config.HeadSize);
            for (var position = 0; position < positions; position++)
            {
                var at = (position * config.HeadSize) + m;
                (sines[at], cosines[at]) = MathF.SinCos(position * frequency);
                (sines[at + half], cosines[at + half]) = (sines[at], cosines[at]);
            }
        }

        Cosines = store.Keep(weights.From(cosines, positions, config.HeadSize));
        Sines = store.Keep(weights.From(sines, positions, config.HeadSize));
        Positions = store.Keep(arange(TorchPass.SpanOf(positions - 1), ScalarType.Int64, weights.Device));
        Visible = store.Keep(zeros([1], weights.Type, weights.Device));
        Hidden = store.Keep(full([1], float.NegativeInfinity, weights.Type, weights.Device));
    }

    public Tensor Cosines { get; } // [positions, head], both halves alike

    public Tensor Sines { get; } // [positions, head]

    public Tensor Positions { get; } // 0, 1, ... [longest span]

    public Tensor Visible { get; } // 0 [1]

    public Tensor Hidden { get; } // minus infinity [1]
}
