namespace CosyOrleans.Service.Errors;

/// <summary>One thing that is wrong with a request. Message and solution are whole sentences.</summary>
public sealed record Violation(string Code, string Message, string Solution);
