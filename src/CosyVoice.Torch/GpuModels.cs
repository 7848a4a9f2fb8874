namespace CosyVoice.Torch;

/// <summary>What NVIDIA's driver says of the GPUs of this machine; the binding has no call for it.</summary>
internal static class GpuModels
{
    private const string Folder = "/proc/driver/nvidia/gpus";

    /// <summary>Their kinds, each once, in the order of their names: "NVIDIA H200"; "unknown" where the driver does not tell.</summary>
    public static string Kinds()
    {
        const string label = "Model:";
        try
        {
            string[] kinds = [.. Directory.EnumerateFiles(Folder, "information", SearchOption.AllDirectories)
                .SelectMany(File.ReadLines)
                .Where(line => line.StartsWith(label, StringComparison.Ordinal))
                .Select(line => line[label.Length..].Trim())
                .Distinct()
                .Order(StringComparer.Ordinal)];
            return kinds.Length > 0 ? string.Join(" + ", kinds) : "unknown";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
