using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// One upsampling stage: x [batch, 2 * channels, time] - transposed convolution, or repetition and convolution [batch, channels, time * rate] -
/// plus the excitation's spectrum, brought to this rate and width by <c>source_downs</c> and a residual block - sum of the
/// stage's residual blocks. The last stage has one frame more, reflected on the left, as the spectrum has.
/// </summary>
internal sealed class TorchHiftStage
{
    private readonly int _index;
    private readonly bool _last;
    private readonly IDeviceUpsampling _up;
    private readonly TorchConvolution _sourceDown;
    private readonly TorchSnakeResblock _sourceResblock;
    private readonly TorchSnakeResblock[] _resblocks;

    /// <param name="factor">What its input is to be multiplied by.</param>
    public TorchHiftStage(DeviceStore store, WeightScope w, HiftConfig config, int stage, float factor)
    {
        _index = stage;
        _last = stage == config.UpsampleRates.Count - 1;
        Channels = config.StageChannels(stage);
        var (rate, kernel, blocks) = (config.UpsampleRates[stage], config.UpsampleKernelSizes[stage], config.ResblockKernelSizes.Count);
        _up = config.IsCausal
            ? new RepeatedConvolution(store, w["ups"][stage], 2 * Channels, Channels, kernel, rate, factor)
            : new TransposedConvolution(store, w["ups"][stage], 2 * Channels, Channels, kernel, rate, factor);

        var down = config.SourceStride(stage);
        _sourceDown = new TorchConvolution(
            store, w["source_downs"][stage], config.IstftNFft + 2, Channels, down == 1 ? 1 : 2 * down,
            config.IsCausal ? (down - 1, 0) : (down / 2, down / 2), down);
        _sourceResblock = new TorchSnakeResblock(
            store, w["source_resblocks"][stage], Channels, config.SourceResblockKernelSizes[stage], config.SourceResblockDilationSizes[stage],
            config.IsCausal);
        _resblocks = [.. Enumerable.Range(0, blocks).Select(block => new TorchSnakeResblock(
            store, w["resblocks"][(stage * blocks) + block], Channels, config.ResblockKernelSizes[block], config.ResblockDilationSizes[block],
            config.IsCausal))];
    }

    public int Channels { get; }

    /// <summary>Residual blocks whose sum leaves the stage.</summary>
    public int Blocks => _resblocks.Length;

    /// <param name="spectrum">Of the excitation, [batch, 2 * bins, frames].</param>
    public Tensor Forward(Tensor x, Tensor spectrum, TorchHiftTrace? trace)
    {
        using var scope = NewDisposeScope();
        var y = _up.Apply(x);
        trace?.Record($"ups.{_index}", y);
        if (_last)
        {
            y = cat([y.narrow(2, 1, 1), y], 2);
        }

        var source = _sourceDown.Apply(spectrum);
        trace?.Record($"source_downs.{_index}", source);
        source = _sourceResblock.Apply(source);
        trace?.Record($"source_resblocks.{_index}", source);
        y = y.add(source);
        var sum = _resblocks[0].Apply(y);
        trace?.Record($"resblocks.{_index * Blocks}", sum);
        foreach (var block in _resblocks.AsSpan(1))
        {
            sum.add_(block.Apply(y));
        }

        return scope.MoveToOuter(sum);
    }
}
