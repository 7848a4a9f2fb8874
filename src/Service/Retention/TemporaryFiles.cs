using CosyOrleans.Service.Files;

namespace CosyOrleans.Service.Retention;

/// <summary>What is being written in a data folder, and what crashes leave of it.</summary>
internal static class TemporaryFiles
{
    /// <summary>Removes what nobody has written to since.</summary>
    public static void Sweep(string data, DateTimeOffset before)
    {
        var jobs = new DirectoryInfo(Path.Combine(data, "jobs"));
        RemoveFolders(new DirectoryInfo(Path.Combine(jobs.FullName, ".new")), "*", before); // Orders being read.
        foreach (var job in jobs.Exists ? jobs.EnumerateDirectories() : [])
        {
            RemoveFiles(new DirectoryInfo(Path.Combine(job.FullName, "unfinished")), before);
            RemoveFolders(job, "unfinished.*", before); // Was being removed.
        }

        RemoveFolders(new DirectoryInfo(Path.Combine(data, "voices", ".new")), "*", before);
        RemoveFiles(new DirectoryInfo(Path.Combine(data, "cache", "unfinished")), before);
    }

    private static void RemoveFolders(DirectoryInfo folder, string pattern, DateTimeOffset before)
    {
        foreach (var old in Existing(folder, () => folder.EnumerateDirectories(pattern)).Where(entry => entry.LastWriteTimeUtc < before))
        {
            DurableFiles.TryDeleteFolder(old.FullName);
        }
    }

    private static void RemoveFiles(DirectoryInfo folder, DateTimeOffset before)
    {
        foreach (var old in Existing(folder, folder.EnumerateFiles).Where(entry => entry.LastWriteTimeUtc < before))
        {
            DurableFiles.TryDelete(old.FullName);
        }
    }

    private static List<T> Existing<T>(DirectoryInfo folder, Func<IEnumerable<T>> list)
    {
        try
        {
            return folder.Exists ? [.. list()] : [];
        }
        catch (DirectoryNotFoundException)
        {
            return []; // Its job ended just now.
        }
    }
}
