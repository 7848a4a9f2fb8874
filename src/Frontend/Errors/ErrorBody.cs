using System.ComponentModel;

namespace CosyOrleans.Frontend.Errors;

/// <summary>The one shape of every error.</summary>
internal sealed record ErrorBody(
    [property: Description("Stable name of the error, such as TEXT_EMPTY.")] string Error,
    [property: Description("What happened.")] string Message,
    [property: Description("What you can do about it.")] string Solution);
