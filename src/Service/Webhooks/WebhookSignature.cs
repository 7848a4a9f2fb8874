using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CosyOrleans.Service.Webhooks;

/// <summary>
/// Tells a receiver that a call is from this server and new: HMAC-SHA256, under the secret of the job, of the time (seconds since
/// 1970), a full stop and the body.
/// </summary>
public static class WebhookSignature
{
    public const string IdHeader = "Webhook-Id";
    public const string TimeHeader = "Webhook-Timestamp";
    public const string SignatureHeader = "Webhook-Signature";

    /// <summary>The value of <see cref="SignatureHeader"/>: "v1=" and 64 hexadecimal digits.</summary>
    public static string Of(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp), (byte)'.', .. body];
        return $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }

    public static string Timestamp(TimeProvider time) => time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
