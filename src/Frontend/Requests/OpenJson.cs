using System.Globalization;
using System.Text.Json;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Requests;

/// <summary>
/// A JSON object of a protocol whose clients send more than this server knows: unknown members do not count, null is as good as
/// left out, and what has the wrong type is noted together with everything else.
/// </summary>
internal sealed class OpenJson
{
    private readonly JsonElement _object; // Undefined: left out.
    private readonly string _path;
    private readonly List<Violation> _violations;

    private OpenJson(JsonElement element, string path, List<Violation> violations) => (_object, _path, _violations) = (element, path, violations);

    /// <summary>Everything that was wrong with what has been read so far, anywhere in the whole.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <exception cref="Errors.RequestException">It is no JSON object.</exception>
    public static OpenJson Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonFields.ParseObject(body);
        return new OpenJson(document.RootElement.Clone(), "", []);
    }

    /// <summary>The object that is a member; one without members where it is left out.</summary>
    public OpenJson In(string name)
    {
        var member = Member(name);
        if (member is { ValueKind: not JsonValueKind.Object })
        {
            WrongType(name, member.Value, "an object");
        }

        return new OpenJson(member is { ValueKind: JsonValueKind.Object } inner ? inner : default, $"{_path}{name}.", _violations);
    }

    public string? Text(string name)
    {
        if (Member(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.String)
        {
            WrongType(name, member, "text");
            return null;
        }

        var text = JsonFields.TextOf(member);
        if (text is null)
        {
            Wrong(SpeechErrorCodes.TextUnsupported, $"{_path}{name} is not valid Unicode text.", "Send it as UTF-8, without halves of surrogate pairs.");
        }

        return text;
    }

    public double? Number(string name, double least, double most)
    {
        if (Member(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Number || !member.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            WrongType(name, member, "a number");
            return null;
        }

        if (number < least || number > most)
        {
            var range = string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
            Wrong($"{_path}{name} is {member.GetRawText()}, outside {range}.", $"Give {_path}{name} from {range}.");
            return null;
        }

        return number;
    }

    public long? Integer(string name, long least, long most)
    {
        var number = Number(name, least, most);
        if (number is { } value && value != Math.Floor(value))
        {
            Wrong($"{_path}{name} is not a whole number.", $"Give {_path}{name} as a whole number.");
            return null;
        }

        return (long?)number;
    }

    public bool? Flag(string name)
    {
        if (Member(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            WrongType(name, member, "true or false");
            return null;
        }

        return member.GetBoolean();
    }

    /// <summary>Whether a member holds anything: neither an empty list nor an empty object.</summary>
    public bool IsGiven(string name) => Member(name) is { } member && member.ValueKind switch
    {
        JsonValueKind.Array => member.GetArrayLength() > 0,
        JsonValueKind.Object => member.GetPropertyCount() > 0,
        _ => true,
    };

    public void Wrong(string message, string solution) => Wrong(SpeechErrorCodes.RequestInvalid, message, solution);

    public void Wrong(string code, string message, string solution) => _violations.Add(new Violation(code, message, solution));

    /// <exception cref="SpeechException">Something was wrong with what has been read.</exception>
    public void ThrowIfWrong()
    {
        if (_violations.Count > 0)
        {
            throw SpeechException.Invalid(_violations);
        }
    }

    private JsonElement? Member(string name) =>
        _object.ValueKind == JsonValueKind.Object && _object.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private void WrongType(string name, JsonElement member, string wanted) =>
        Wrong($"{_path}{name} is {JsonFields.NameOf(member.ValueKind)}, not {wanted}.", $"Give {_path}{name} as {wanted}.");
}
