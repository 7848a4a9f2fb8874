using static TorchSharp.torch;

namespace CosyVoice.Torch;

internal static class TensorExtensions
{
    /// <summary>All elements in fp32, brought to the processor.</summary>
    public static float[] ToFloats(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    /// <summary>Bytes of a number.</summary>
    public static int Bytes(this ScalarType type) => type == ScalarType.Float32 ? sizeof(float) : sizeof(ushort);
}
