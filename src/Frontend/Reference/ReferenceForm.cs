using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using Microsoft.AspNetCore.Http.Features;

namespace CosyOrleans.Frontend.Reference;

/// <summary>The fields of a request to the reference's endpoints: from a form, URL-encoded or multipart, or from the address.</summary>
internal sealed class ReferenceForm
{
    private const int MaxBytes = RequestRecording.MaxBytes + (1024 * 1024);

    private readonly IQueryCollection _query;
    private readonly IFormCollection _form;
    private readonly Dictionary<string, string> _recordings;
    private readonly List<Violation> _violations = [];

    private ReferenceForm(IQueryCollection query, IFormCollection form, Dictionary<string, string> recordings) =>
        (_query, _form, _recordings) = (query, form, recordings);

    public IReadOnlyList<Violation> Violations => _violations;

    /// <exception cref="RequestException">The form cannot be read.</exception>
    public static async Task<ReferenceForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            return new ReferenceForm(request.Query, FormCollection.Empty, []);
        }

        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBytes;
        request.ChargeBody();
        try
        {
            var form = await request.ReadFormAsync(
                new FormOptions { MultipartBodyLengthLimit = MaxBytes, MemoryBufferThreshold = MaxBytes, ValueCountLimit = 16, ValueLengthLimit = MaxBytes }, cancellationToken);
            Dictionary<string, string> recordings = [];
            foreach (var file in form.Files)
            {
                recordings[file.Name] = await Base64Async(file, cancellationToken);
            }

            return new ReferenceForm(request.Query, form, recordings);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw RequestException.Malformed($"The form cannot be read: {e.Message.TrimEnd('.')}.", "Send a complete form, with the boundary that Content-Type names.");
        }
    }

    public string? Text(string name)
    {
        var given = _form.TryGetValue(name, out var field) ? field : _query[name];
        if (given.Count == 0)
        {
            Missing(name);
        }

        return given.Count == 0 ? null : given[0];
    }

    /// <summary>The recording in a file, in base64.</summary>
    public string? Recording(string name)
    {
        if (_recordings.TryGetValue(name, out var recording) && recording.Length > 0)
        {
            return recording;
        }

        _violations.Add(new Violation(SpeechErrorCodes.RequestInvalid, $"The file {name} is missing or empty.", $"Send a recording as the file {name} of a multipart form."));
        return null;
    }

    private void Missing(string name) =>
        _violations.Add(new Violation(SpeechErrorCodes.RequestInvalid, $"{name} is missing.", $"Give {name} as a field of a form."));

    private static async Task<string> Base64Async(IFormFile file, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        return Convert.ToBase64String(content.GetBuffer().AsSpan(0, (int)content.Length));
    }
}
