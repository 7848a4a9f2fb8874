using CosyOrleans.Service.Errors;

namespace CosyOrleans.Cli;

/// <summary>What cosy voices says: one line for each voice, its parts separated by tabs.</summary>
internal static class VoiceLine
{
    /// <param name="version">Null for a voice of the model.</param>
    public static string Of(string id, int? version, string model, string name) =>
        $"{id}\t{(version is { } number ? $"version {number}" : "of the model")}\t{Quoted.Plain(model)}\t{Quoted.Plain(name)}";

    public static string Saved(string id, int version) => $"saved {id}, version {version}";

    public static string Warning(string message, string solution) => $"warning: {message} {solution}";

    public static string Exported(string id, string path) => $"exported {id} to {path}";

    public static string Deleted(string id) => $"deleted {id}";
}
