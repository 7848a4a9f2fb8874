using System.Diagnostics.CodeAnalysis;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Tenants;

/// <summary>
/// The name space in which somebody's ids live. Inside the service the id of a tenant's voice or job is tenant~id; nobody can
/// say such an id, because '~' is in no id. What belongs to no tenant is shared: everybody sees it, its ids are as they are.
/// </summary>
/// <param name="Tenant">Null: whoever runs the server.</param>
public readonly record struct TenantScope(string? Tenant)
{
    /// <summary>Characters of a tenant's name.</summary>
    public const int MaxLength = 32;

    private const char Separator = '~';

    /// <summary>What a tenant's name must be like.</summary>
    public static string Rule => $"Give 1 to {MaxLength} of a-z, 0-9 and '-', the first a letter or digit.";

    /// <summary>What belongs to no tenant.</summary>
    public static TenantScope Shared => default;

    private string Prefix => Tenant is null ? "" : Tenant + Separator;

    /// <summary>Whether a tenant can be called so. Lower case only: the name is part of the names of folders.</summary>
    public static bool IsTenant(string name) =>
        name.Length is > 0 and <= MaxLength && name[0] != '-' && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Whether something of a tenant or of nobody can be stored under this id.</summary>
    /// <param name="longest">Characters of the id without its tenant.</param>
    public static bool IsStored(string id, int longest)
    {
        var (tenant, name) = Split(id);
        return (tenant is null || IsTenant(tenant)) && JobNames.Fits(name, longest);
    }

    /// <summary>Whose an id of the service is.</summary>
    public static TenantScope Of(string stored) => new(Split(stored).Tenant);

    /// <summary>The id inside the service of what this tenant calls so; null where nothing can be called so.</summary>
    public string? Own(string id) => id.Contains(Separator, StringComparison.Ordinal) ? null : Prefix + id;

    /// <summary>Whether an id inside the service is one of this tenant's own.</summary>
    public bool Owns(string stored) => Split(stored).Tenant == Tenant;

    /// <summary>What this tenant calls something; what is not its own and not shared has no name for it.</summary>
    public bool TryName(string stored, [NotNullWhen(true)] out string? id)
    {
        var (tenant, name) = Split(stored);
        id = tenant is null || tenant == Tenant ? name : null;
        return id is not null;
    }

    /// <summary>A sentence of the service as this tenant may read it, with the names that it gave.</summary>
    public string Said(string message) => Tenant is null ? message : message.Replace(Prefix, "", StringComparison.Ordinal);

    /// <summary>The same for an error.</summary>
    public SpeechException Said(SpeechException e) => new(e.Kind, e.Code, Said(e.Message), Said(e.Solution), e) { RetryAfter = e.RetryAfter };

    private static (string? Tenant, string Name) Split(string id)
    {
        var end = id.IndexOf(Separator, StringComparison.Ordinal);
        return end < 0 ? (null, id) : (id[..end], id[(end + 1)..]);
    }
}
