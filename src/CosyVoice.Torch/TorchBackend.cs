using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Torch.Flow;
using CosyVoice.Torch.LanguageModel;
using CosyVoice.Torch.Vocoder;
using CosyVoice.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CosyVoice.Torch;

/// <summary>One device that TorchSharp serves (libtorch 2.10; CUDA, or its processor kernels).</summary>
public sealed class TorchBackend(TorchOptions options) : IStageBackend
{
    private readonly Device _device = Open(options.Device);
    private readonly DeviceBudget _budget = new(options);

    /// <summary>The kind of GPU counts: another one may sum in another order.</summary>
    public string Name => $"{options.Device.Type} {options.Precision}{(options.Device.Type == TorchDeviceType.Cuda ? $" {GpuModels.Kinds()}" : "")}";

    /// <summary>Why a device cannot be used, as a sentence; null: it can.</summary>
    public static string? WhyNot(TorchDevice device)
    {
        if (device.Type == TorchDeviceType.Cpu)
        {
            return null;
        }

        var devices = cuda.is_available() ? cuda.device_count() : 0;
        return device.Index < devices ? null : devices == 0
            ? $"{device} cannot be used: libtorch finds no GPU here. Install NVIDIA's driver, or use cpu."
            : $"{device} cannot be used: there is cuda:0{(devices > 1 ? $" to cuda:{devices - 1}" : " only")}.";
    }

    public ILanguageModel LoadLanguageModel(Checkpoint checkpoint, SpeechLanguageModelConfig config)
    {
        using (checkpoint)
        {
            return TorchMemory.Guard(options, () => WeightScope.ReadAll(
                checkpoint, w => Fill(exact: false, store => new TorchLanguageModel(store, w, config, options, Weights(), Weights(exact: true)))));
        }
    }

    public ITokenSampler CreateSampler(SamplingRules rules) => new TorchSampler(rules, _device);

    public IFlow LoadFlow(Checkpoint checkpoint, FlowConfig config, FlowNoise? noise = null) =>
        TorchMemory.Guard(options, () => WeightScope.ReadAll(
            checkpoint, w => Fill(exact: false, store => new TorchFlow(store, w, config, noise, options))));

    public IVocoder LoadVocoder(Checkpoint checkpoint, HiftConfig config) =>
        TorchMemory.Guard(options, () => WeightScope.ReadAll(
            checkpoint, w => Fill(exact: true, store => new TorchVocoder(store, w, config, options))));

    public void Dispose()
    {
    }

    /// <summary>Bytes of weights, tables and KV caches on the device.</summary>
    internal long Kept => _budget.Kept;

    /// <summary>Builds a network within the model's budget.</summary>
    internal T Fill<T>(bool exact, Func<DeviceStore, T> create) => DeviceStore.Fill(Weights(exact), _budget, create);

    internal TorchWeights Weights(bool exact = false) => new(_device, exact ? ScalarType.Float32 : options.Precision switch
    {
        TorchPrecision.BFloat16 => ScalarType.BFloat16,
        TorchPrecision.Float16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    });

    private static Device Open(TorchDevice device) =>
        device.Type == TorchDeviceType.Cpu ? CPU : new Device(DeviceType.CUDA, device.Index);
}
