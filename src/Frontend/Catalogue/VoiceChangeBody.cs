using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Catalogue;

/// <summary>What is to become different about a voice, as JSON.</summary>
internal static class VoiceChangeBody
{
    public static IReadOnlyList<Field> Fields { get; } =
    [
        new(
            "id",
            FieldType.Text,
            $"Another id: 1 to {VoiceRules.MaxIdLength} of A-Z a-z 0-9 . _ -, which no voice has. The newest version goes there; the old id is deleted with every version."),
        new("name", FieldType.Text, "What people read."),
        new("owner", FieldType.Text, "Whose voice this is in the catalogue; an empty text removes it."),
        new("consent", FieldType.Text, "The words in which the person whose voice this is agreed to its use; an empty text removes them."),
    ];

    /// <exception cref="RequestException">The body as a whole cannot be read.</exception>
    /// <exception cref="SpeechException">There are other fields, or fields of other types.</exception>
    public static async Task<VoiceChange> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var values = await RequestBody.ReadAsync(request, Fields, formToo: false, cancellationToken);
        return values.Violations.Count > 0
            ? throw SpeechException.Invalid([.. values.Violations])
            : new VoiceChange { Id = values.Text("id"), Name = values.Text("name"), Owner = values.Text("owner"), Consent = values.Text("consent") };
    }
}
