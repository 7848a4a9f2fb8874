namespace CosyVoice.Tests;

/// <summary>Files of the repository that the tests stand in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string File(string relative) => Path.Combine(Root, relative);

    public static string Fixture(string relative) => File(Path.Combine("tests/fixtures", relative));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "CosyOrleans.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"No CosyOrleans.sln above {AppContext.BaseDirectory}.");
        }

        return folder;
    }
}
