using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Requests;

/// <summary>The fields of one request, and everything about them that could not be understood.</summary>
internal sealed class FieldValues(IReadOnlyList<Field> fields)
{
    private const int NamesShown = 5;

    private readonly Dictionary<string, object> _values = [];
    private readonly HashSet<string> _given = [];
    private readonly List<string> _unknown = [];
    private readonly List<Violation> _violations = [];

    public IReadOnlyList<Violation> Violations => _violations;

    public string? Text(string name) => (string?)_values.GetValueOrDefault(name);

    public double? Number(string name) => (double?)_values.GetValueOrDefault(name);

    public long? Integer(string name) => (long?)_values.GetValueOrDefault(name);

    public bool? Flag(string name) => (bool?)_values.GetValueOrDefault(name);

    public void Wrong(string code, string message, string solution) => _violations.Add(new Violation(code, message, solution));

    /// <summary>The description of a field that was sent; null, and noted, when there is no such field or it came before.</summary>
    internal Field? Accept(string name, bool inForm)
    {
        var field = fields.FirstOrDefault(f => f.Name == name || (inForm && f.FormAlias == name));
        if (field is null)
        {
            _unknown.Add(name);
            return null;
        }

        if (_given.Add(field.Name))
        {
            return field;
        }

        Wrong(SpeechErrorCodes.RequestInvalid, $"{field.Name} is given more than once.", $"Give {field.Name} once.");
        return null;
    }

    internal void Set(Field field, object value) => _values[field.Name] = value;

    internal void WrongType(Field field, string found) => Wrong(
        SpeechErrorCodes.RequestInvalid,
        $"{field.Name} is {found}, not {Wanted(field.Type)}.",
        $"Give {field.Name} as {Wanted(field.Type)}.");

    internal void NotUnicode(Field field) => Wrong(
        SpeechErrorCodes.TextUnsupported,
        $"{field.Name} is not valid Unicode text.",
        "Send it as UTF-8, without halves of surrogate pairs.");

    /// <summary>To be called once everything was read.</summary>
    internal void Complete()
    {
        if (_unknown.Count > 0)
        {
            var names = Quoted.List([.. _unknown.Select(Quoted.Value)], NamesShown);
            Wrong(
                SpeechErrorCodes.RequestInvalid,
                _unknown.Count == 1 ? $"There is no field {names}." : $"There are no fields {names}.",
                $"The fields are {Quoted.List([.. fields.Select(f => f.Name)])}.");
        }

        foreach (var field in fields.Where(f => f.Required && !_given.Contains(f.Name)))
        {
            Wrong(SpeechErrorCodes.RequestInvalid, $"{field.Name} is missing.", $"Give {field.Name}: {field.Description}");
        }
    }

    private static string Wanted(FieldType type) => type switch
    {
        FieldType.Number => "a number",
        FieldType.Integer => "a whole number",
        FieldType.Flag => "true or false",
        FieldType.Reference => "text, or an object with the one field id",
        _ => "text",
    };
}
