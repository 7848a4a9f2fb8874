using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace CosyOrleans.Frontend.Requests;

/// <summary>Reads the fields of a request from its body, JSON or form.</summary>
internal static class RequestBody
{
    public const string Json = "application/json";
    public const string UrlEncoded = "application/x-www-form-urlencoded";
    public const string Multipart = "multipart/form-data";

    /// <summary>Everything wrong with single fields is in the values' violations.</summary>
    /// <param name="maxBytes">Of the body where it is more than others may have.</param>
    /// <exception cref="RequestException">The body as a whole cannot be read.</exception>
    public static async Task<FieldValues> ReadAsync(
        HttpRequest request, IReadOnlyList<Field> fields, bool formToo, CancellationToken cancellationToken, int maxBytes = 0)
    {
        var limit = request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
        limit.MaxRequestBodySize = Math.Max(limit.MaxRequestBodySize ?? 0, maxBytes);
        request.ChargeBody();
        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw RequestException.MediaType("The body is compressed.", "Send it without Content-Encoding.");
        }

        MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        CheckCharset(type);
        var values = new FieldValues(fields);
        if (Is(type, Json))
        {
            JsonFields.Read(await ReadAllAsync(request, cancellationToken), values);
        }
        else if (formToo && (Is(type, UrlEncoded) || Is(type, Multipart)))
        {
            await FormFields.ReadAsync(request, values, cancellationToken);
        }
        else
        {
            throw UnknownType(request.ContentType, formToo);
        }

        values.Complete();
        return values;
    }

    /// <summary>A JSON object with others inside, of which unknown members do not count.</summary>
    /// <exception cref="RequestException">The body cannot be read, or is something else.</exception>
    public static async Task<OpenJson> ReadOpenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.ChargeBody();
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        CheckCharset(type);
        return Is(type, Json) ? OpenJson.Parse(await ReadAllAsync(request, cancellationToken)) : throw UnknownType(request.ContentType, formToo: false);
    }

    private static bool Is(MediaTypeHeaderValue? type, string expected) =>
        type is not null && type.MediaType.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static void CheckCharset(MediaTypeHeaderValue? type)
    {
        if (type is not { Charset.HasValue: true })
        {
            return;
        }

        if (!HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw RequestException.MediaType("The body is not in UTF-8.", "Send it in UTF-8.");
        }
    }

    private static RequestException UnknownType(string? type, bool formToo)
    {
        var offered = formToo ? $"{Json}, {UrlEncoded} or {Multipart}" : Json;
        var message = string.IsNullOrEmpty(type)
            ? "The request says nothing about the type of its body."
            : $"A body of type {Quoted.Value(type)} is not understood.";
        return RequestException.MediaType(message, $"Send {offered}, and say so in Content-Type.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
