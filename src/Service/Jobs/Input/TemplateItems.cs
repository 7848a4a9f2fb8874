using System.Text.Json;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>
/// Every text in every voice in every style, named after all three. A text, voice or style is a string or an object; a style
/// holds fields of items, and its name.
/// </summary>
internal sealed class TemplateItems
{
    private const int MaxEach = 100_000;

    private readonly Dictionary<string, List<Part>> _lists = [];

    public static IReadOnlyList<string> Names { get; } = ["texts", "voices", "styles"];

    public bool IsEmpty => _lists.Count == 0;

    /// <param name="list">One of <see cref="Names"/>.</param>
    /// <exception cref="JobInputException">It is no list of parts.</exception>
    public void Add(string list, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
        if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() is 0 or > MaxEach)
        {
            throw new JobInputException($"{list} is no list of 1 to {MaxEach:N0} parts.", $"Give {list} as a list such as {Example(list)}.");
        }

        _lists[list] = [.. document.RootElement.EnumerateArray().Select((part, index) => ReadUnicode(list, part, index + 1))];
    }

    /// <exception cref="JobInputException">There are too many, or there is no text.</exception>
    public IEnumerable<OrderedItem> Items(int most)
    {
        if (!_lists.TryGetValue("texts", out var texts))
        {
            throw new JobInputException("There are voices or styles, but no texts.", $"Give texts as a list such as {Example("texts")}.");
        }

        var voices = _lists.GetValueOrDefault("voices", [Part.None]);
        var styles = _lists.GetValueOrDefault("styles", [Part.None]);
        if ((long)texts.Count * voices.Count * styles.Count is var count && count > most)
        {
            throw new JobInputException($"{texts.Count:N0} texts in {voices.Count:N0} voices and {styles.Count:N0} styles are {count:N0} items; the limit is {most:N0}.", "Send them as several jobs.");
        }

        return texts.SelectMany(text => voices.SelectMany(voice => styles.Select(style => Item(text, voice, style))));
    }

    private static OrderedItem Item(Part text, Part voice, Part style)
    {
        var id = string.Join('-', new[] { text.Name, voice.Name, style.Name }.Where(name => name.Length > 0));
        return OrderedItem.Of(
            $"Item {Quoted.Value(id)}", [.. text.Fields, .. voice.Fields, .. style.Fields, KeyValuePair.Create("task_id", (object?)id)]);
    }

    // An escaped half of a surrogate pair is found when it is read, and that happens more than once.
    private static Part ReadUnicode(string list, JsonElement part, int number)
    {
        try
        {
            JsonSerializer.SerializeToUtf8Bytes(part);
            return Read(list, part, number);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            throw Wrong(list, number, "holds text that is not valid Unicode");
        }
    }

    private static Part Read(string list, JsonElement part, int number)
    {
        var simple = list switch { "texts" => "text", "voices" => "voice", _ => "emotion" };
        if (part.ValueKind == JsonValueKind.String)
        {
            var value = part.GetString()!;
            return new Part(list == "texts" ? Numbered(number) : value, [KeyValuePair.Create(simple, (object?)part.Clone())]);
        }

        if (part.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(list, number, "is neither text nor an object");
        }

        var name = Numbered(number);
        List<KeyValuePair<string, object?>> fields = [];
        foreach (var field in part.EnumerateObject())
        {
            if (field.Name is not "name")
            {
                fields.Add(KeyValuePair.Create(field.Name, (object?)field.Value.Clone()));
            }
            else if (field.Value.ValueKind == JsonValueKind.String)
            {
                name = field.Value.GetString()!;
            }
        }

        return fields.Any(field => field.Key == "task_id" || (list != "texts" && field.Key == "text"))
            ? throw Wrong(list, number, "holds text or task_id, which are made")
            : list == "styles" || fields.Any(field => field.Key == simple)
            ? new Part(name, fields)
            : throw Wrong(list, number, $"holds no {simple}");
    }

    private static JobInputException Wrong(string list, int number, string what) =>
        new($"Part {BoundedLines.Number(number)} of {list} {what}.", $"Give {list} as a list such as {Example(list)}.");

    private static string Numbered(int number) => number.ToString("D4", System.Globalization.CultureInfo.InvariantCulture);

    private static string Example(string list) => list switch
    {
        "texts" => """["Hello.", {"name": "bye", "text": "Good bye."}]""",
        "voices" => """["amy", "ben"]""",
        _ => """["happy", {"name": "sc", "dialect": "sichuan"}]""",
    };

    private sealed record Part(string Name, IReadOnlyList<KeyValuePair<string, object?>> Fields)
    {
        public static Part None { get; } = new("", []);
    }
}
