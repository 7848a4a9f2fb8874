using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Torch.Flow;
using CosyVoice.Torch.Vocoder;
using CosyVoice.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CosyVoice.Torch;

/// <summary>One device that TorchSharp serves (libtorch 2.10; CUDA, or its processor kernels).</summary>
public sealed class TorchBackend(TorchOptions options) : IStageBackend
{
    private readonly Device _device = Open(options.Device);

    public ILanguageModel LoadLanguageModel(Checkpoint checkpoint, SpeechLanguageModelConfig config) => throw new NotSupportedException();

    public IFlow LoadFlow(Checkpoint checkpoint, FlowConfig config, FlowNoise? noise = null) =>
        TorchMemory.Guard(options, () => WeightScope.ReadAll(
            checkpoint, w => DeviceStore.Fill(Weights(), store => new TorchFlow(store, w, config, noise, options))));

    public IVocoder LoadVocoder(Checkpoint checkpoint, HiftConfig config) =>
        TorchMemory.Guard(options, () => WeightScope.ReadAll(
            checkpoint, w => DeviceStore.Fill(Weights(exact: true), store => new TorchVocoder(store, w, config, options))));

    public void Dispose()
    {
    }

    internal TorchWeights Weights(bool exact = false) => new(_device, exact ? ScalarType.Float32 : options.Precision switch
    {
        TorchPrecision.BFloat16 => ScalarType.BFloat16,
        TorchPrecision.Float16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    });

    private static Device Open(TorchDevice device) =>
        device.Type == TorchDeviceType.Cpu ? CPU : new Device(DeviceType.CUDA, device.Index);
}
