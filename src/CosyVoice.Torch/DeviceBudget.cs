using System.Globalization;

namespace CosyVoice.Torch;

/// <summary>What a model may keep on its device: weights, tables, KV caches. What a step needs for its own duration comes on top.</summary>
internal sealed class DeviceBudget(TorchOptions options)
{
    /// <summary>Bytes that are kept.</summary>
    public long Kept { get; private set; }

    /// <summary>Bytes that may still be kept.</summary>
    public long Left => options.MemoryBytes - Kept;

    /// <exception cref="TorchMemoryException">It is more than is left.</exception>
    public void Take(long bytes)
    {
        if (bytes > Left)
        {
            throw TooSmall($"its weights alone need more, {Gigabytes(Kept + bytes)} so far");
        }

        Kept += bytes;
    }

    public void Return(long bytes) => Kept -= bytes;

    /// <summary>Says that the budget is too small.</summary>
    /// <param name="why">The middle of the sentence.</param>
    public TorchMemoryException TooSmall(string why) => new(
        $"MemoryGigabytes lets the model keep {Gigabytes(options.MemoryBytes)} on {options.Device}, and {why}.");

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.###} GB");
}
