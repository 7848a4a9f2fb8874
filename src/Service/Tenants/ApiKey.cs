using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace CosyOrleans.Service.Tenants;

/// <summary>What is kept of a key: everything but its secret.</summary>
public sealed record ApiKey
{
    /// <summary>12 characters; no secret.</summary>
    public required string Id { get; init; }

    /// <summary>Whose voices and jobs it opens; null for whoever runs the server, to whom the shared ones belong.</summary>
    public string? Tenant { get; init; }

    /// <summary>What a person reads.</summary>
    public string? Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    public KeyLimits Limits { get; init; } = KeyLimits.None;

    /// <summary>Since when it opens nothing any more; null for a key in use.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>SHA-256 of the secret, in hexadecimal. The secret is 32 random bytes, so that nothing slower is needed.</summary>
    public required string SecretSha256 { get; init; }

    [JsonIgnore]
    public TenantScope Scope => new(Tenant);

    /// <summary>Takes the same time wherever the secrets differ.</summary>
    internal bool Opens(ReadOnlySpan<char> secret) =>
        CryptographicOperations.FixedTimeEquals(Convert.FromHexString(SecretSha256), Hash(secret));

    internal static byte[] Hash(ReadOnlySpan<char> secret)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(secret)];
        Encoding.UTF8.GetBytes(secret, bytes);
        return SHA256.HashData(bytes);
    }
}
