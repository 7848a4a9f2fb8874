using Microsoft.OpenApi;

namespace CosyOrleans.Frontend.OpenApi;

/// <summary>The document at /openapi/v1.json as a whole.</summary>
internal static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "CosyOrleans",
                Version = "v1",
                Description = "Speech from text. Every error, whatever its status, is {error, message, solution}.",
            };
            return Task.CompletedTask;
        }));
}
