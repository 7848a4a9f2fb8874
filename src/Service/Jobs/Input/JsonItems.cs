using System.Text.Json;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>The items of a JSON list, or of JSON lines.</summary>
internal static class JsonItems
{
    public static IEnumerable<OrderedItem> Read(JsonCursor cursor)
    {
        while (cursor.ReadValue() && cursor.Type != JsonTokenType.EndArray)
        {
            yield return new OrderedItem(cursor.Value, null);
        }

        if (cursor.Type == JsonTokenType.EndArray)
        {
            // Whatever follows the list must still be JSON.
            while (cursor.ReadToken())
            {
            }
        }
    }
}
