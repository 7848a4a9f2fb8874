using CosyOrleans.Service.Errors;

namespace CosyOrleans.Grains.Messages;

/// <summary>A <see cref="SpeechException"/>, which is an answer and so travels as one.</summary>
[GenerateSerializer, Immutable, Alias("cosy.ErrorMessage")]
public sealed record ErrorMessage(
    [property: Id(0)] int Kind,
    [property: Id(1)] string Code,
    [property: Id(2)] string Message,
    [property: Id(3)] string Solution,
    [property: Id(4)] TimeSpan? RetryAfter)
{
    public static ErrorMessage From(SpeechException error) =>
        new((int)error.Kind, error.Code, error.Message, error.Solution, error.RetryAfter);

    public SpeechException ToException() => new((SpeechErrorKind)Kind, Code, Message, Solution) { RetryAfter = RetryAfter };
}
