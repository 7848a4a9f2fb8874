namespace CosyVoice.Torch;

/// <summary>In which type weights and activations of the language model and the flow are held. The vocoder's phases need fp32 in any case.</summary>
public enum TorchPrecision
{
    Float32,
    BFloat16,
    Float16,
}
