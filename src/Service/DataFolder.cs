namespace CosyOrleans.Service;

/// <summary>The one folder below which everything is kept: voices and jobs, each a folder that a person can read.</summary>
public static class DataFolder
{
    /// <summary>The environment variable COSY_DATA, otherwise .cosyorleans in the user's own folder.</summary>
    public static string Default => Environment.GetEnvironmentVariable("COSY_DATA") is { Length: > 0 } set
        ? Path.GetFullPath(set)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cosyorleans");
}
