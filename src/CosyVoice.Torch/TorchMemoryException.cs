namespace CosyVoice.Torch;

/// <summary>A device has no room for what was asked of it. What was asked is undone: the next call works, and this one too once there is room.</summary>
public sealed class TorchMemoryException(string message, Exception? inner = null) : OutOfMemoryException(message, inner);
