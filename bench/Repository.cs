namespace CosyVoice.Bench;

/// <summary>The folder of the solution.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

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
