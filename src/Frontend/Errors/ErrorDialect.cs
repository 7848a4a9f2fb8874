namespace CosyOrleans.Frontend.Errors;

/// <summary>How errors look at an endpoint that speaks somebody else's protocol: metadata of the endpoint.</summary>
/// <param name="shape">From the status, the error and the name of the request.</param>
internal sealed class ErrorDialect(Func<int, ErrorBody, string, object> shape)
{
    public object Of(int status, ErrorBody error, string request) => shape(status, error, request);

    /// <summary>What happened and what to do about it, for protocols that have one place for both.</summary>
    public static string Sentence(ErrorBody error) => $"{error.Message} {error.Solution}";
}
