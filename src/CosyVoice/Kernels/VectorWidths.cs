using System.Runtime.Intrinsics;

namespace CosyVoice.Kernels;

/// <summary>
/// Which widths this machine has and which one runs: the widest, or the one that the environment variable
/// <c>COSY_VECTOR_WIDTH</c> (512, 256, 128 or scalar) names.
/// </summary>
public static class VectorWidths
{
    public const string EnvironmentVariable = "COSY_VECTOR_WIDTH";

    /// <summary>What the processor accelerates, widest first; the scalar form is always last.</summary>
    public static IReadOnlyList<VectorWidth> Available { get; } = Detect();

    /// <summary>The width in which every kernel runs.</summary>
    public static VectorWidth Active { get; } = Choose(Environment.GetEnvironmentVariable(EnvironmentVariable), Available);

    internal static VectorWidth Choose(string? forced, IReadOnlyList<VectorWidth> available)
    {
        if (string.IsNullOrEmpty(forced))
        {
            return available[0];
        }

        VectorWidth? width = forced switch
        {
            "512" => VectorWidth.Vector512,
            "256" => VectorWidth.Vector256,
            "128" => VectorWidth.Vector128,
            "scalar" => VectorWidth.Scalar,
            _ => null,
        };
        return width is { } known && available.Contains(known)
            ? known
            : throw new PlatformNotSupportedException(
                $"{EnvironmentVariable} is '{forced}'; this machine has {string.Join(", ", available.Select(Name))}. Unset it to use the widest.");
    }

    private static string Name(VectorWidth width) => width == VectorWidth.Scalar ? "scalar" : $"{(int)width * 32}";

    private static List<VectorWidth> Detect()
    {
        List<VectorWidth> widths = [];
        if (Vector512.IsHardwareAccelerated)
        {
            widths.Add(VectorWidth.Vector512);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            widths.Add(VectorWidth.Vector256);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            widths.Add(VectorWidth.Vector128);
        }

        widths.Add(VectorWidth.Scalar);
        return widths;
    }
}
