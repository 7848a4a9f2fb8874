using CosyOrleans.Service.Errors;
using CosyVoice.Engine;
#if TORCH
using CosyVoice.Torch;
#endif

namespace CosyOrleans.Service.Nodes;

/// <summary>The devices that this build computes on, by name.</summary>
public static class ComputeDevices
{
    /// <summary>The processor of this machine.</summary>
    public const string Processor = "cpu";

    /// <summary>Names that are understood, for messages.</summary>
    public const string Names =
#if TORCH
        "cpu, cuda:0, cuda:1, … or torch:cpu";
#else
        "cpu (a build with -p:Torch=true, which ./cosy --torch=cuda makes, also takes cuda:0, cuda:1, …)";
#endif

    /// <summary>Why a name cannot be used, as a sentence; null: it can.</summary>
    public static string? WhyNot(string name)
    {
        if (name == Processor)
        {
            return null;
        }

#if TORCH
        return TorchDevice.TryParse(name, out var device)
            ? TorchBackend.WhyNot(device)
            : $"{Quoted.Value(name)} is no device; one of {Names} is.";
#else
        return $"{Quoted.Value(name)} is no device of this build; one of {Names} is.";
#endif
    }

    /// <summary>The one name of a device that has several: cuda is cuda:0. A name that is not understood stays as it is.</summary>
    public static string NameOf(string name) =>
#if TORCH
        TorchDevice.TryParse(name, out var device) ? $"{device}" : name;
#else
        name;
#endif

    /// <param name="name">For which <see cref="WhyNot"/> is null.</param>
    /// <param name="threads">Of the processor, at least 1.</param>
    public static IStageBackend Open(string name, int threads, DeviceOptions options)
    {
        if (WhyNot(name) is { } problem)
        {
            throw new ArgumentException(problem, nameof(name));
        }

#if TORCH
        if (TorchDevice.TryParse(name, out var device))
        {
            return new TorchBackend(new TorchOptions
            {
                Device = device,
                Precision = Enum.Parse<TorchPrecision>(options.Precision.ToString()),
                DecodeRows = options.DecodeRows,
                ChunkRows = options.ChunkRows,
                CachePositions = options.CachePositions,
                MemoryBytes = options.MemoryGigabytes is { } gigabytes ? (long)(gigabytes * 1e9) : long.MaxValue,
            });
        }
#endif
        return new ProcessorBackend(threads);
    }
}
