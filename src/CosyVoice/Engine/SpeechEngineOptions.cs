namespace CosyVoice.Engine;

public sealed class SpeechEngineOptions
{
    /// <summary>Requests spoken at the same time, 1 to 1024; further ones wait in the order of their arrival. Default 8.</summary>
    public int MaximumBatch { get; init; } = 8;

    /// <summary>Inputs of one language model step, 1 or more; a longer prompt takes several steps. Default 128.</summary>
    public int MaximumInputs { get; init; } = 128;

    /// <summary>Segments of a request whose tokens may be decoded before the first of them is spoken, 1 or more. Default 2.</summary>
    public int SegmentLead { get; init; } = 2;
}
