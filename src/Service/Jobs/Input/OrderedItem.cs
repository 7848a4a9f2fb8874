using System.Buffers;
using System.Text.Json;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>An item as it was ordered, whatever the order was written in.</summary>
/// <param name="Json">Its fields as a JSON object, or its text as a JSON string; valid until the next item is taken.</param>
/// <param name="Where">Where it stands, for messages; null where its number says that.</param>
internal readonly record struct OrderedItem(ReadOnlyMemory<byte> Json, string? Where)
{
    /// <summary>An item of fields that are texts or numbers; those that are null are left out.</summary>
    public static OrderedItem Of(string? where, params IEnumerable<KeyValuePair<string, object?>> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach ((var name, var value) in fields)
            {
                if (value is string text)
                {
                    writer.WriteString(name, text);
                }
                else if (value is JsonElement element)
                {
                    writer.WritePropertyName(name);
                    element.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return new OrderedItem(buffer.WrittenMemory, where);
    }

    /// <summary>An item of a text.</summary>
    /// <param name="chapter">Title of the chapter that begins with it.</param>
    public static OrderedItem OfText(string? where, string text, string? chapter = null) =>
        Of(where, KeyValuePair.Create("text", (object?)text), KeyValuePair.Create("chapter", (object?)chapter));
}
