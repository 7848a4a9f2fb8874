using System.Security.Cryptography;
using CosyOrleans.Frontend.Access;
using Microsoft.Net.Http.Headers;

namespace CosyOrleans.Frontend.Page;

/// <summary>The page at /: files that travel inside the assembly.</summary>
internal static class PageApi
{
    private const string ResourcePrefix = "page/";

    public static void MapPage(this IEndpointRouteBuilder app)
    {
        var resources = typeof(PageApi).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal));
        foreach (var resource in resources)
        {
            var name = resource[ResourcePrefix.Length..];
            var serve = Serve(Read(resource), ContentTypeOf(name));
            app.MapMethods(name == "index.html" ? "/" : "/" + name, [HttpMethods.Get, HttpMethods.Head], serve)
                .OpenTo(EndpointAccess.Everybody)
                .ExcludeFromDescription();
        }
    }

    private static Delegate Serve(byte[] content, string contentType)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"");
        return (HttpResponse response) =>
        {
            // Asked for again each time, and answered with 304 while it is the same.
            response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(content, contentType, entityTag: tag);
        };
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(PageApi).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        string other => throw new InvalidOperationException($"A page file of type {other} needs a content type."),
    };
}
