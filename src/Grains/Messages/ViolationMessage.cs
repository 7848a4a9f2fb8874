using CosyOrleans.Service.Errors;

namespace CosyOrleans.Grains.Messages;

/// <summary>A <see cref="Violation"/>.</summary>
[GenerateSerializer, Immutable, Alias("cosy.ViolationMessage")]
public sealed record ViolationMessage([property: Id(0)] string Code, [property: Id(1)] string Message, [property: Id(2)] string Solution)
{
    public static ViolationMessage From(Violation violation) => new(violation.Code, violation.Message, violation.Solution);

    public Violation ToViolation() => new(Code, Message, Solution);
}
