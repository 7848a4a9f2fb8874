namespace CosyVoice.State;

/// <summary>A saved state from which nothing can be continued: damaged, or made by another version, model or request.</summary>
public sealed class StateException(string message) : Exception(message);
