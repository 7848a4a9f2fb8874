namespace CosyOrleans.Service.Jobs.Input;

/// <summary>Which names are safe in paths, URLs and headers, on any file system.</summary>
public static class JobNames
{
    private static readonly string[] Devices = ["con", "prn", "aux", "nul"];

    public static string Rule(int longest) =>
        $"Give 1 to {longest} letters, digits, '.', '_' or '-', the first a letter or digit, the last not '.', and no name of a device such as con.";

    public static bool Fits(string name, int longest) =>
        name.Length >= 1 && name.Length <= longest
        && char.IsAsciiLetterOrDigit(name[0])
        && name[^1] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        && !IsDevice(name);

    // Windows takes these, with any extension, for devices.
    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].ToLowerInvariant();
        return Devices.Contains(stem)
            || (stem.Length == 4 && char.IsAsciiDigit(stem[3]) && stem[..3] is "com" or "lpt");
    }
}
