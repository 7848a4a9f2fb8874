using System.Globalization;

namespace CosyVoice.Torch;

/// <summary>A device that TorchSharp serves.</summary>
/// <param name="Type"><c>cuda</c>, or <c>cpu</c> for libtorch's own processor kernels, which serve to check the networks where there is no GPU.</param>
/// <param name="Index">Which of several, from 0.</param>
public readonly record struct TorchDevice(TorchDeviceType Type, int Index)
{
    /// <summary>Reads <c>cuda</c>, <c>cuda:0</c>, ... or <c>torch:cpu</c>.</summary>
    public static bool TryParse(string name, out TorchDevice device)
    {
        const string cuda = "cuda";
        device = default;
        switch (name)
        {
            case "torch:cpu":
                device = new(TorchDeviceType.Cpu, 0);
                return true;
            case cuda:
                device = new(TorchDeviceType.Cuda, 0);
                return true;
        }

        if (!name.StartsWith($"{cuda}:", StringComparison.Ordinal) ||
            !int.TryParse(name.AsSpan(cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return false;
        }

        device = new(TorchDeviceType.Cuda, index);
        return true;
    }

    public override string ToString() => Type == TorchDeviceType.Cpu ? "torch:cpu" : $"cuda:{Index}";
}

public enum TorchDeviceType
{
    Cpu,
    Cuda,
}
