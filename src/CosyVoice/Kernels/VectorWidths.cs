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

    // Kept, not thrown at once: what a static initialiser throws hides behind another exception.
    internal static readonly string? Problem = Check(Environment.GetEnvironmentVariable(EnvironmentVariable), Available);

    private static readonly VectorWidth Chosen = Parse(Environment.GetEnvironmentVariable(EnvironmentVariable)) ?? Available[0];

    /// <summary>The width in which every kernel runs.</summary>
    /// <exception cref="PlatformNotSupportedException">The environment variable names none that this machine has.</exception>
    public static VectorWidth Active => Problem == null ? Chosen : throw new PlatformNotSupportedException(Problem);

    /// <summary>What is wrong with a value of the environment variable; null when nothing is.</summary>
    internal static string? Check(string? forced, IReadOnlyList<VectorWidth> available) =>
        string.IsNullOrEmpty(forced) || (Parse(forced) is { } width && available.Contains(width))
            ? null
            : $"{EnvironmentVariable} is '{forced}'; this machine has {string.Join(", ", available.Select(Name))}. Unset it to use the widest.";

    internal static VectorWidth? Parse(string? forced) => forced switch
    {
        "512" => VectorWidth.Vector512,
        "256" => VectorWidth.Vector256,
        "128" => VectorWidth.Vector128,
        "scalar" => VectorWidth.Scalar,
        _ => null,
    };

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
