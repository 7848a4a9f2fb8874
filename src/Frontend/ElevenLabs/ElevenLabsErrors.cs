using CosyOrleans.Frontend.Errors;

namespace CosyOrleans.Frontend.ElevenLabs;

/// <summary>The shape of errors that ElevenLabs' clients read.</summary>
internal static class ElevenLabsErrors
{
    public static ErrorDialect Dialect { get; } = new((_, error, request) =>
        new { detail = new { status = error.Error.ToLowerInvariant(), message = ErrorDialect.Sentence(error), request_id = request } });
}
