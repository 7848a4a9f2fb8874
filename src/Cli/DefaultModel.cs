namespace CosyOrleans.Cli;

/// <summary>The voice that comes with the program.</summary>
internal static class DefaultModel
{
    /// <summary>The folder models/default beside the program or above it; null where there is none.</summary>
    public static string? Find()
    {
        for (var folder = AppContext.BaseDirectory; folder != null; folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)))
        {
            var model = Path.Combine(folder, "models", "default");
            if (Directory.Exists(model))
            {
                return model;
            }
        }

        return null;
    }
}
