using System.Globalization;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace CosyOrleans.Frontend.Requests;

/// <summary>
/// An HTML form, URL-encoded or multipart, as fields. A field left empty counts as left out, because forms send all
/// their fields.
/// </summary>
internal static class FormFields
{
    public static async Task ReadAsync(HttpRequest request, FieldValues values, CancellationToken cancellationToken)
    {
        var form = await ReadFormAsync(request, cancellationToken);
        foreach ((var name, var given) in form)
        {
            foreach (var value in given)
            {
                if (values.Accept(name, inForm: true) is { } field)
                {
                    Read(field, value ?? "", values);
                }
            }
        }

        foreach (var file in form.Files)
        {
            values.Wrong(
                SpeechErrorCodes.NotOffered,
                $"{Quoted.Value(file.Name)} is a file; files are not taken by this server yet.",
                "Send fields only.");
        }
    }

    private static async Task<IFormCollection> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // The body as a whole is already limited; nothing of it has to go to disk.
        var limit = (int)request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize!.Value;
        var options = new FormOptions
        {
            MemoryBufferThreshold = limit,
            ValueLengthLimit = limit,
            MultipartBodyLengthLimit = limit,
            ValueCountLimit = 64,
        };
        try
        {
            return await request.ReadFormAsync(options, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw RequestException.Malformed(
                $"The form cannot be read: {e.Message.TrimEnd('.')}.", "Send a complete form, with the boundary that Content-Type names.");
        }
    }

    private static void Read(Field field, string value, FieldValues values)
    {
        if (value.Length == 0 && !field.Required)
        {
            return;
        }

        object? read = field.Type switch
        {
            FieldType.Number => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) ? number : null,
            FieldType.Integer => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                ? integer : null,
            FieldType.Flag => value switch { "true" or "1" => true, "false" or "0" => false, _ => null },
            _ => value,
        };
        if (read is not null)
        {
            values.Set(field, read);
        }
        else
        {
            values.WrongType(field, Quoted.Value(value));
        }
    }
}
