namespace CosyOrleans.Service;

/// <summary>The one folder below which everything is kept: voices and jobs, each a folder that a person can read.</summary>
public static class DataFolder
{
    /// <summary>The environment variable COSY_DATA, otherwise .cosyorleans in the user's own folder.</summary>
    public static string Default => Environment.GetEnvironmentVariable("COSY_DATA") is { Length: > 0 } set
        ? Path.GetFullPath(set)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cosyorleans");

    /// <summary>Null when files can be written to a folder, which is made if needed; otherwise the reason.</summary>
    public static string? WhyNotUsable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.probe");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message.TrimEnd('.');
        }
    }
}
