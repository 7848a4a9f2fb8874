using System.Net.Mime;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CosyOrleans.Frontend.Catalogue;

/// <summary>/v1/audio/voices: the model's own voices, and those of the catalogue, which can be added, changed, taken elsewhere and removed.</summary>
internal static class VoicesApi
{
    private const string Path = "/audio/voices";

    public static void MapVoices(this IEndpointRouteBuilder catalogue)
    {
        catalogue.MapGet(Path, ListAsync).WithName("ListVoices").WithSummary("The voices").DescribeErrors(503);
        var import = catalogue.MapPost(Path, ImportAsync).WithName("ImportVoices")
            .WithSummary("Adds the voices of a file, or one made from a recording, to the catalogue, each as the next version of its id");
        import.DescribeErrors(400, 413, 415, 500, 503);
        import.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = VoiceForm.Description;
            return Task.CompletedTask;
        });
        catalogue.MapGet($"{Path}/{{id}}", FindAsync).WithName("GetVoice")
            .WithSummary("One voice; of the catalogue's its newest version").DescribeErrors(404, 500, 503);
        var change = catalogue.MapPatch($"{Path}/{{id}}", UpdateAsync).WithName("UpdateVoice")
            .WithSummary("Saves a voice of the catalogue as its next version with other words about it, or under another id");
        change.DescribeErrors(400, 404, 413, 415, 500, 503);
        change.DescribeBody(VoiceChangeBody.Fields);
        catalogue.MapGet($"{Path}/{{id}}/file", ExportAsync).WithName("ExportVoice")
            .WithSummary("A voice with all that belongs to it as one .safetensors file, which can be sent to POST /v1/audio/voices elsewhere")
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Octet).DescribeErrors(400, 404, 500, 503);
        catalogue.MapDelete($"{Path}/{{id}}", DeleteAsync).WithName("DeleteVoice")
            .WithSummary("Removes every version of a voice of the catalogue").DescribeErrors(400, 404, 500, 503);
    }

    private static async Task<VoiceList> ListAsync(IVoices voices, CancellationToken cancellationToken) =>
        new([.. (await voices.ListAsync(cancellationToken)).Select(VoiceView.Of)]);

    private static async Task<VoiceView> FindAsync(string id, IVoices voices, CancellationToken cancellationToken)
    {
        // Where an id is on both sides the model's own voice is the one that speaks.
        var builtIn = (await voices.ListAsync(cancellationToken)).FirstOrDefault(voice => voice.BuiltIn && voice.Id == id);
        return builtIn is not null ? VoiceView.Of(builtIn) with { Modes = builtIn.Modes }
            : await voices.FindAsync(id, null, cancellationToken) is { } voice ? VoiceView.Of(voice)
            : throw Unknown(id);
    }

    private static async Task<Results<Created<VoiceList>, Ok<OpenAiVoice>>> ImportAsync(HttpRequest request, IVoices voices, CancellationToken cancellationToken)
    {
        var form = await VoiceForm.ReadAsync(request, cancellationToken);
        if (form.IsOpenAi)
        {
            return TypedResults.Ok(OpenAiVoice.Of(await voices.EnrolAsync(form.Described, form.Content, cancellationToken)));
        }

        var saved = form.IsRecording
            ? (IReadOnlyList<VoiceView>)[VoiceView.Of(await voices.EnrolAsync(form.Described, form.Content, cancellationToken))]
            : await SaveAsync(form.ReadVoices(), voices, cancellationToken);
        return TypedResults.Created($"/v1{Path}", new VoiceList(saved));
    }

    private static async Task<IReadOnlyList<VoiceView>> SaveAsync(IReadOnlyList<VoiceProfile> read, IVoices voices, CancellationToken cancellationToken)
    {
        var builtIn = (await voices.ListAsync(cancellationToken)).Where(voice => voice.BuiltIn).Select(voice => voice.Id).ToArray();
        foreach (var voice in read)
        {
            VoiceRules.CheckNotBuiltIn(voice.Id, builtIn); // All of them first, that none is saved when one is refused.
        }

        List<VoiceView> saved = [];
        foreach (var voice in read)
        {
            saved.Add(VoiceView.Of(await voices.SaveAsync(voice, cancellationToken)));
        }

        return saved;
    }

    private static async Task<VoiceView> UpdateAsync(string id, HttpRequest request, IVoices voices, CancellationToken cancellationToken)
    {
        var change = await VoiceChangeBody.ReadAsync(request, cancellationToken);
        return await voices.UpdateAsync(id, change, cancellationToken) is { } changed ? VoiceView.Of(changed) : throw Unknown(id);
    }

    private static async Task<FileContentHttpResult> ExportAsync(string id, IVoices voices, CancellationToken cancellationToken) =>
        await voices.ExportAsync(id, cancellationToken) is { } voice
            ? TypedResults.File(ExportedVoice.Write(voice), MediaTypeNames.Application.Octet, voice.Id + ExportedVoice.Extension)
            : throw Unknown(id);

    private static async Task<NoContent> DeleteAsync(string id, IVoices voices, CancellationToken cancellationToken) =>
        await voices.DeleteAsync(id, cancellationToken) ? TypedResults.NoContent() : throw Unknown(id);

    private static RequestException Unknown(string id) => new(
        StatusCodes.Status404NotFound,
        new ErrorBody(SpeechErrorCodes.VoiceUnknown, $"There is no voice {Quoted.Value(id)}.", "GET /v1/audio/voices lists those there are."));
}
