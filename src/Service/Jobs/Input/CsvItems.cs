using System.Text;
using System.Text.Json;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>
/// The items of a table as RFC 4180 has it: commas, quotes around what holds commas, quotes or line ends, quotes doubled within.
/// The first line names the fields; what is empty is left out.
/// </summary>
internal static class CsvItems
{
    private const int MaxColumns = 64;

    public static IEnumerable<OrderedItem> Read(Stream stream, IReadOnlyDictionary<string, JobFieldType> known)
    {
        string[]? names = null;
        foreach ((var line, var fields) in Records(stream))
        {
            if (names is null)
            {
                names = Names(fields, known);
                continue;
            }

            if (fields.Count != names.Length)
            {
                throw new JobInputException(
                    $"Line {BoundedLines.Number(line)} has {fields.Count} fields where the first line names {names.Length}.",
                    "Give each line as many fields, with quotes around those that hold a comma.");
            }

            yield return OrderedItem.Of($"Line {BoundedLines.Number(line)}", names.Zip(fields, (name, value) => KeyValuePair.Create(name, Value(value, known[name]))));
        }
    }

    /// <summary>Each record with the number of its first line; empty lines are none.</summary>
    /// <exception cref="JobInputException">It is no such table.</exception>
    internal static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Records(Stream stream)
    {
        var text = new BoundedLines(stream);
        List<string> fields = [];
        var field = new StringBuilder();
        for (var next = text.Read(); next >= 0; next = text.Read())
        {
            var line = text.Line - (next == '\n' ? 1 : 0);
            for (var more = true; more;)
            {
                more = ReadField(text, ref next, field, line);
                fields.Add(field.ToString());
                field.Clear();
                if (fields.Count > MaxColumns)
                {
                    throw new JobInputException($"Line {BoundedLines.Number(line)} has more than {MaxColumns} fields.", "Give a table of items, separated by commas.");
                }

                next = more ? text.Read() : next;
            }

            if (fields.Count > 1 || fields[0].Length > 0)
            {
                yield return (line, fields);
            }

            fields = [];
        }
    }

    /// <summary>Reads a field from its first character to the comma or line end after it; true after a comma.</summary>
    private static bool ReadField(BoundedLines text, ref int next, StringBuilder field, int line)
    {
        if (next == '"')
        {
            for (next = text.Read(); ; next = text.Read())
            {
                if (next < 0)
                {
                    throw new JobInputException($"A quote that is opened at line {BoundedLines.Number(line)} is not closed.", "Close it, and double quotes within quotes.");
                }

                if (next == '"' && (next = text.Read()) != '"')
                {
                    break;
                }

                BoundedLines.Append(field, (char)next, line);
            }

            if (!IsEnd(text, ref next))
            {
                throw new JobInputException($"At line {BoundedLines.Number(line)} something follows a closing quote.", "Double quotes within quotes.");
            }

            return next == ',';
        }

        for (; !IsEnd(text, ref next); next = text.Read())
        {
            if (next == '"')
            {
                throw new JobInputException($"At line {BoundedLines.Number(line)} a quote stands within a field.", "Put the whole field in quotes, and double those within.");
            }

            BoundedLines.Append(field, (char)next, line);
        }

        return next == ',';
    }

    // Of a field; CR LF is read as LF.
    private static bool IsEnd(BoundedLines text, ref int next)
    {
        if (next == '\r' && text.Peek() == '\n')
        {
            next = text.Read();
        }

        return next is < 0 or ',' or '\n';
    }

    private static string[] Names(IReadOnlyList<string> fields, IReadOnlyDictionary<string, JobFieldType> known)
    {
        string[] names = [.. fields.Select(name => name.Trim())];
        if (names.FirstOrDefault(name => !known.ContainsKey(name)) is { } unknown)
        {
            throw new JobInputException(
                $"The first line names {Quoted.Value(unknown)}, which is no field.", $"Let the first line name fields: {string.Join(", ", known.Keys)}.");
        }

        return names.Distinct().Count() == names.Length && names.Contains("text")
            ? names
            : throw new JobInputException("The first line names a field twice, or not the field text.", "Let it name text, and each field once.");
    }

    // What should be a number and is none stays text, so that the rules of items name it.
    private static object? Value(string value, JobFieldType type)
    {
        if (value.Length == 0)
        {
            return null;
        }

        try
        {
            return type == JobFieldType.Text ? value : JsonElement.Parse(value) is { ValueKind: JsonValueKind.Number } number ? number : value;
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
