namespace CosyVoice.Kernels;

/// <summary>How many floats a kernel handles at once. Every kernel gives the same bits in every width.</summary>
public enum VectorWidth
{
    Scalar = 1,
    Vector128 = 4,
    Vector256 = 8,
    Vector512 = 16,
}
