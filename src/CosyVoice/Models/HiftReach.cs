using CosyVoice.Engine;
using CosyVoice.Layers;

namespace CosyVoice.Models;

/// <summary>How much of a mel a frame is to be decoded with.</summary>
internal static class HiftReach
{
    /// <summary>Frames that a centred vocoder gets at either side: less than the network looks at, but what lies outside hardly counts.</summary>
    private const int Centred = 8;

    /// <param name="pitchAfter">Frames behind a frame that its pitch depends on.</param>
    public static VocoderReach Of(HiftConfig config, int pitchAfter) =>
        config.IsCausal ? Causal(config, pitchAfter) : new(Centred, Centred, IsAll: false);

    /// <summary>
    /// Goes from a frame's samples back through the network. Ahead, a frame needs the one behind it, since windows of the
    /// spectrum overlap, and what that one's first convolution and pitch need.
    /// </summary>
    private static VocoderReach Causal(HiftConfig config, int pitchAfter)
    {
        var stages = config.UpsampleRates.Count;
        var window = config.IstftNFft / config.IstftHopLen;
        var rows = window + HiftConfig.PostKernel - 1;
        var frames = 0;
        for (var (stage, perFrame) = (stages - 1, config.UpsampleFactor); stage >= 0; stage--)
        {
            rows += config.ResblockKernelSizes.Zip(config.ResblockDilationSizes, SnakeResblock.Reach).Max();
            var source = rows + SnakeResblock.Reach(config.SourceResblockKernelSizes[stage], config.SourceResblockDilationSizes[stage]);
            frames = Math.Max(frames, RoundUp(source + 1, perFrame) + RoundUp(window, config.UpsampleFactor));
            var rate = config.UpsampleRates[stage];
            rows = RoundUp(rows + 1, rate) + RepeatedConv1d.Taps(config.UpsampleKernelSizes[stage], rate);
            perFrame /= rate;
        }

        return new(Math.Max(frames, rows), 1 + Math.Max(config.PrePadding.Right, pitchAfter + 1), IsAll: true);

        static int RoundUp(int a, int b) => (a + b - 1) / b;
    }
}
