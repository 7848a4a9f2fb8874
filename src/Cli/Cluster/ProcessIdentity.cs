using System.Globalization;

namespace CosyOrleans.Cli.Cluster;

/// <summary>
/// One process and no other: its id, when it began and since which start of the machine, because ids are used again.
/// </summary>
internal sealed record ProcessIdentity(int Id, long StartedAt, string Boot)
{
    private const int StateField = 0;
    private const int StartTimeField = 19;

    /// <summary>The process that has this id now; null when there is none, or only the remains of one.</summary>
    public static ProcessIdentity? Of(int id)
    {
        try
        {
            // The name, in parentheses, may hold anything; the fields begin after the last parenthesis.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[StateField] is "Z" or "X"
                ? null
                : new ProcessIdentity(id, long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture), CurrentBoot());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool IsAlive => Of(Id) == this;

    public static ProcessIdentity? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Split(' ', StringSplitOptions.TrimEntries) is [var id, var startedAt, var boot]
                && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(startedAt, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
                ? new ProcessIdentity(number, time, boot)
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Write(string path)
    {
        var partial = $"{path}.partial";
        File.WriteAllText(partial, string.Create(CultureInfo.InvariantCulture, $"{Id} {StartedAt} {Boot}\n"));
        File.Move(partial, path, overwrite: true);
    }

    private static string CurrentBoot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
