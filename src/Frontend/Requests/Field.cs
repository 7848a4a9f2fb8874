namespace CosyOrleans.Frontend.Requests;

/// <summary>
/// A field of a request body: read, checked and documented from this one description. Rules that need the model,
/// such as which voices there are, belong to the service.
/// </summary>
internal sealed record Field(string Name, FieldType Type, string Description)
{
    public bool Required { get; init; }

    /// <summary>The other name under which a form may carry the field.</summary>
    public string? FormAlias { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    /// <summary>As JSON.</summary>
    public string? Default { get; init; }

    public IReadOnlyList<string>? Values { get; init; }
}

internal enum FieldType
{
    Text,
    Number,
    Integer,
    Flag,

    /// <summary>A string, or an object with the one field id.</summary>
    Reference,
}
