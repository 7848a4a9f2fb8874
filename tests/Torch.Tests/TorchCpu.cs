using CosyVoice.Parity;
using CosyVoice.Tests;

namespace CosyVoice.Torch.Tests;

/// <summary>Flows and vocoders on libtorch's processor device, of the fixtures and of the built-in voice.</summary>
internal static class TorchCpu
{
    public static TorchBackend Backend(TorchPrecision precision = TorchPrecision.Float32) =>
        new(new TorchOptions { Device = new(TorchDeviceType.Cpu, 0), Precision = precision });

    public static Fixture Fixture(string folder) => new(Repository.Fixture(folder));
}
