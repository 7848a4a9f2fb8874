namespace CosyVoice.Engine;

/// <summary>A segment needs more positions than the KV caches of its device hold, whoever else speaks: trying again does not help.</summary>
public sealed class CacheCapacityException(int positions, int capacity) : Exception(
    $"A segment needs {positions} positions or more with its prompt, and the KV caches of the device hold {capacity} in all.");
