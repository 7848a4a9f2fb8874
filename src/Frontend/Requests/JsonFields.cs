using System.Text.Json;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Requests;

/// <summary>A flat JSON object as fields.</summary>
internal static class JsonFields
{
    private const string Example = "Send an object such as {\"text\": \"Hello.\"}.";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static void Read(ReadOnlyMemory<byte> body, FieldValues values)
    {
        using var document = ParseObject(body);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (values.Accept(NameOf(property), inForm: false) is { } field)
            {
                Read(field, property.Value, values);
            }
        }
    }

    /// <exception cref="RequestException">It is no JSON object.</exception>
    internal static JsonDocument ParseObject(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(ByteOrderMark))
        {
            body = body[ByteOrderMark.Length..];
        }

        var document = Parse(body);
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        using (document)
        {
            throw RequestException.Malformed($"The body is {NameOf(document.RootElement.ValueKind)}, not a JSON object.", Example);
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            throw RequestException.Malformed("The body is empty.", Example);
        }

        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException e)
        {
            throw RequestException.Malformed(
                $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {Reason(e)}",
                "Correct the JSON and send it again.");
        }
    }

    private static void Read(Field field, JsonElement value, FieldValues values)
    {
        object? read = (field.Type, value.ValueKind) switch
        {
            (FieldType.Text or FieldType.Reference, JsonValueKind.String) => TextOf(value),
            (FieldType.Number, JsonValueKind.Number) => value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null,
            (FieldType.Integer, JsonValueKind.Number) => value.TryGetInt64(out var integer) ? integer : null,
            (FieldType.Flag, JsonValueKind.True or JsonValueKind.False) => value.GetBoolean(),
            (FieldType.Reference, JsonValueKind.Object) => IdOf(value),
            _ => null,
        };
        if (read is not null)
        {
            values.Set(field, read);
        }
        else if (value.ValueKind == JsonValueKind.String && field.Type is FieldType.Text or FieldType.Reference)
        {
            values.NotUnicode(field);
        }
        else if (value.ValueKind == JsonValueKind.Number)
        {
            values.WrongType(field, Quoted.Value(value.GetRawText()));
        }
        else
        {
            values.WrongType(field, NameOf(value.ValueKind));
        }
    }

    // Null for an escaped half of a surrogate pair, or bytes that are not UTF-8.
    internal static string? TextOf(JsonElement value)
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

    private static string? IdOf(JsonElement value) =>
        value.GetPropertyCount() == 1 && value.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            ? TextOf(id)
            : null;

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    internal static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    // The reader's message goes on with the position, counted from 0.
    private static string Reason(JsonException e)
    {
        var position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? e.Message : e.Message[..position];
    }
}
