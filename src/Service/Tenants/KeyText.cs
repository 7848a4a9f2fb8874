using System.Buffers.Text;
using System.Security.Cryptography;

namespace CosyOrleans.Service.Tenants;

/// <summary>A key as its owner has it: cosy_ID_SECRET.</summary>
/// <param name="Id">12 of a-z and 2-7, by which it is found.</param>
/// <param name="Secret">32 random bytes in base64url.</param>
public readonly record struct KeyText(string Id, string Secret)
{
    private const string Beginning = "cosy_";
    private const int IdLength = 12;
    private const int SecretBytes = 32;
    private const string IdCharacters = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly int SecretLength = Base64Url.GetEncodedLength(SecretBytes);

    public static KeyText New() => new(
        RandomNumberGenerator.GetString(IdCharacters, IdLength), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));

    public static bool IsId(string id) => id.Length == IdLength && id.All(IdCharacters.Contains);

    /// <summary>Null where a text is no key of this service's.</summary>
    public static KeyText? Read(string text)
    {
        var secretAt = Beginning.Length + IdLength + 1;
        if (text.Length != secretAt + SecretLength || !text.StartsWith(Beginning, StringComparison.Ordinal) || text[secretAt - 1] != '_')
        {
            return null;
        }

        var key = new KeyText(text.Substring(Beginning.Length, IdLength), text[secretAt..]);
        return IsId(key.Id) ? key : null;
    }

    /// <summary>Whether somebody who sent this meant a key of this service's, and not one that some client insists on.</summary>
    public static bool IsMeant(string text) => text.StartsWith(Beginning, StringComparison.Ordinal);

    public override string ToString() => $"{Beginning}{Id}_{Secret}";
}
