using System.Text.Json;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>The fields of one JSON object, of an item or of a job.</summary>
internal sealed class JobItemFields(Action<string, string> wrong)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    private readonly Dictionary<string, object> _values = [];

    public string? Text(string name) => (string?)_values.GetValueOrDefault(name);

    public double? Number(string name) => (double?)_values.GetValueOrDefault(name);

    public long? Integer(string name) => (long?)_values.GetValueOrDefault(name);

    /// <param name="json">An object, or a text, which stands for an object with this text only.</param>
    public void Read(ReadOnlyMemory<byte> json, IReadOnlyDictionary<string, JobFieldType> known)
    {
        using var document = JsonDocument.Parse(json, Strict);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.String)
        {
            Accept("text", root, known);
        }
        else if (root.ValueKind != JsonValueKind.Object)
        {
            wrong($"It is {NameOf(root.ValueKind)}.", "Give each item as an object such as {\"text\": \"Hello.\"}, or as text.");
        }
        else
        {
            foreach (var field in root.EnumerateObject())
            {
                Accept(NameOf(field), field.Value, known);
            }
        }
    }

    public void Accept(string name, JsonElement value, IReadOnlyDictionary<string, JobFieldType> known)
    {
        if (!known.TryGetValue(name, out var type))
        {
            wrong($"There is no field {Quoted.Value(name)}.", $"The fields are {string.Join(", ", known.Keys)}.");
            return;
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        object? read = (type, value.ValueKind) switch
        {
            (JobFieldType.Text, JsonValueKind.String) => TextOf(value),
            (JobFieldType.Number, JsonValueKind.Number) => value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null,
            (JobFieldType.Integer, JsonValueKind.Number) => value.TryGetInt64(out var integer) ? integer : null,
            _ => null,
        };
        if (read is not null)
        {
            _values[name] = read;
        }
        else
        {
            var found = value.ValueKind switch
            {
                JsonValueKind.String when type == JobFieldType.Text => "not valid Unicode",
                JsonValueKind.Number => Quoted.Value(value.GetRawText()),
                _ => NameOf(value.ValueKind),
            };
            wrong($"{name} is {found}.", $"Give {name} as {Wanted(type)}.");
        }
    }

    private static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    // Null for an escaped half of a surrogate pair, or bytes that are not UTF-8.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Wanted(JobFieldType type) => type switch
    {
        JobFieldType.Text => "text",
        JobFieldType.Number => "a number",
        _ => "a whole number",
    };

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}

internal enum JobFieldType
{
    Text,
    Number,
    Integer,
}
