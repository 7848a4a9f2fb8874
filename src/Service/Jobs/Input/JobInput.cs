namespace CosyOrleans.Service.Jobs.Input;

/// <summary>What an order is written in.</summary>
public enum JobInput
{
    /// <summary>An object with items, or with texts, voices and styles; or a list of items.</summary>
    Json,

    /// <summary>An item on each line.</summary>
    JsonLines,

    /// <summary>Plain text, each paragraph (or line, or sentence) an item.</summary>
    Text,

    /// <summary>A table whose first line names fields of items.</summary>
    Csv,

    /// <summary>A book.</summary>
    Epub,
}

/// <summary>Names of inputs.</summary>
public static class JobInputs
{
    /// <summary>The input of a file with such a name; null where none is written in it.</summary>
    public static JobInput? OfFile(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => JobInput.Json,
        ".jsonl" or ".ndjson" => JobInput.JsonLines,
        ".txt" => JobInput.Text,
        ".csv" => JobInput.Csv,
        ".epub" => JobInput.Epub,
        _ => null,
    };

    /// <summary>Whether it is continuous text, which can be cut in several ways.</summary>
    internal static bool IsProse(this JobInput input) => input is JobInput.Text or JobInput.Epub;
}
