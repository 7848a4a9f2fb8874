namespace CosyOrleans.Frontend.Access;

/// <summary>Where requests carry their key: in the headers that existing clients use, or where a browser can set none, in the URL.</summary>
internal static class PresentedKey
{
    private const string Scheme = "Bearer ";

    /// <summary>Null where there is none. What comes in the URL counts only for GET, as which WebSockets begin and players ask.</summary>
    public static string? Of(HttpRequest request) => Bearer(request) ?? Header(request, "xi-api-key") ?? Header(request, "X-API-Key") ?? Query(request);

    private static string? Bearer(HttpRequest request)
    {
        string? given = request.Headers.Authorization;
        return given?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true ? given[Scheme.Length..].Trim() : null;
    }

    private static string? Header(HttpRequest request, string name) => request.Headers[name] is [{ Length: > 0 } value] ? value : null;

    private static string? Query(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsConnect(request.Method)) && request.Query["api_key"] is [{ Length: > 0 } value] ? value : null;
}
