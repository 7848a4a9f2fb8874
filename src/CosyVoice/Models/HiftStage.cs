using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// One upsampling stage: x [time, 2 * channels] - transposed convolution, or repetition and convolution [time * rate, channels] - plus the
/// excitation's spectrum, brought to this rate and width by <c>source_downs</c> and a residual block - sum of the
/// stage's residual blocks. The last stage has one frame more, reflected on the left, as the spectrum has.
/// </summary>
internal sealed class HiftStage : IDisposable
{
    private readonly int _index;
    private readonly bool _last;
    private readonly (int Left, int Right) _downPadding;

    public HiftStage(WeightScope w, HiftConfig config, int stage)
    {
        _index = stage;
        _last = stage == config.UpsampleRates.Count - 1;
        Channels = config.StageChannels(stage);
        Blocks = config.ResblockKernelSizes.Count;
        var (rate, kernel) = (config.UpsampleRates[stage], config.UpsampleKernelSizes[stage]);
        Up = config.IsCausal
            ? new RepeatedConv1d(w["ups"][stage], 2 * Channels, Channels, kernel, rate)
            : new ConvTranspose1d(w["ups"][stage], 2 * Channels, Channels, kernel, rate, (kernel - rate) / 2);

        var down = config.SourceStride(stage);
        _downPadding = config.IsCausal ? (down - 1, 0) : (down / 2, down / 2);
        SourceDown = new Conv1d(w["source_downs"][stage], config.IstftNFft + 2, Channels, down == 1 ? 1 : 2 * down, down);
        SourceResblock = new SnakeResblock(
            w["source_resblocks"][stage], Channels, config.SourceResblockKernelSizes[stage], config.SourceResblockDilationSizes[stage],
            config.IsCausal);
        Resblocks = [.. Enumerable.Range(0, Blocks).Select(block => new SnakeResblock(
            w["resblocks"][(stage * Blocks) + block], Channels, config.ResblockKernelSizes[block], config.ResblockDilationSizes[block], config.IsCausal))];
    }

    public int Channels { get; }

    /// <summary>Residual blocks whose sum leaves the stage.</summary>
    public int Blocks { get; }

    private IUpsampling Up { get; }

    private Conv1d SourceDown { get; }

    private SnakeResblock SourceResblock { get; }

    private SnakeResblock[] Resblocks { get; }

    /// <param name="x">[time, 2 * channels]; becomes [time * rate, channels], in the last stage [time * rate + 1, channels].</param>
    public void Forward(Workers workers, Tensor x, HiftScratch scratch, HiftTrace? trace)
    {
        var upsampled = scratch.Upsampled;
        Up.Forward(workers, x, upsampled);
        trace?.Invoke($"ups.{_index}", upsampled);
        if (_last)
        {
            ReflectFirst(upsampled);
        }

        SourceDown.Forward(workers, scratch.SourceSpectrum, scratch.SourceDown, _downPadding.Left, _downPadding.Right);
        if (trace is not null)
        {
            trace($"source_downs.{_index}", scratch.SourceDown);
            SourceResblock.Forward(workers, scratch.SourceDown, x, accumulate: false, scratch);
            trace($"source_resblocks.{_index}", x);
        }

        SourceResblock.Forward(workers, scratch.SourceDown, upsampled, accumulate: true, scratch);
        for (var block = 0; block < Blocks; block++)
        {
            Resblocks[block].Forward(workers, upsampled, x, accumulate: block > 0, scratch);
            if (block == 0)
            {
                trace?.Invoke($"resblocks.{_index * Blocks}", x);
            }
        }
    }

    public void Dispose()
    {
        Up.Dispose();
        SourceDown.Dispose();
        SourceResblock.Dispose();
        foreach (var block in Resblocks)
        {
            block.Dispose();
        }
    }

    /// <summary>Puts a copy of the second row before the first.</summary>
    private static void ReflectFirst(Tensor x)
    {
        x.ResizeRows(x.Rows + 1);
        x.RowRange(0, x.Rows - 1).CopyTo(x.RowRange(1, x.Rows - 1));
        x.Row(2).CopyTo(x.Row(0));
    }
}
