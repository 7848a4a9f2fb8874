using System.Runtime.InteropServices;

namespace CosyVoice.Torch;

/// <summary>Tells a device's want of memory from its other errors, which the binding reports alike.</summary>
internal static class TorchMemory
{
    // What libtorch's allocators say: CUDA's, the processor's where the system refuses, the processor's where it cannot even ask.
    private static readonly string[] Complaints = ["out of memory", "can't allocate memory", "not enough memory"];

    /// <exception cref="TorchMemoryException">There was no room for the work.</exception>
    public static T Guard<T>(TorchOptions options, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException error) when (Array.Exists(Complaints, complaint => error.Message.Contains(complaint, StringComparison.OrdinalIgnoreCase)))
        {
            throw new TorchMemoryException(
                $"{options.Device} is out of memory beside KV caches of {options.CachePositions} positions: " +
                "speak fewer requests at a time, lower CachePositions, or choose a Precision of 16 bits.",
                error);
        }
    }
}
