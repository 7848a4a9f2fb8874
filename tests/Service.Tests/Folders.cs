namespace CosyOrleans.Service.Tests;

/// <summary>Where the tests' files are.</summary>
internal static class Folders
{
    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CosyOrleans.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"No CosyOrleans.sln above {AppContext.BaseDirectory}.");
        }

        return folder;
    }
}
