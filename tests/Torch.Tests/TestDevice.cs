using CosyVoice.Parity;
using CosyVoice.Tests;

namespace CosyVoice.Torch.Tests;

/// <summary>What is tested on: libtorch's processor kernels, or what the environment variable COSY_TORCH_DEVICE names (<c>cuda:0</c>).</summary>
internal static class TestDevice
{
    public static readonly TorchDevice Device = TorchDevice.TryParse(Environment.GetEnvironmentVariable("COSY_TORCH_DEVICE") ?? "torch:cpu", out var device)
        ? device : throw new InvalidOperationException("COSY_TORCH_DEVICE is neither torch:cpu nor cuda:N.");

    public static TorchOptions Options(TorchPrecision precision = TorchPrecision.Float32) => new() { Device = Device, Precision = precision };

    public static TorchBackend Backend(TorchPrecision precision = TorchPrecision.Float32) => new(Options(precision));

    public static Fixture Fixture(string folder) => new(Repository.Fixture(folder));
}
