using CosyOrleans.Frontend.Speech;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Reference;

/// <summary>/inference_…: the form endpoints of the server that comes with the reference implementation. They answer with samples and nothing else.</summary>
internal static class ReferenceApi
{
    // Where prompts of the third generation end their instruction.
    private const string EndOfPrompt = "<|endofprompt|>";

    public static void MapReference(this IEndpointRouteBuilder app)
    {
        Map(app, "sft", form => new SpeakRequest { Text = form.Text("tts_text"), SpeakerId = form.Text("spk_id"), Mode = SpeakModes.Sft });
        Map(app, "zero_shot", form => new SpeakRequest
        {
            Text = form.Text("tts_text"), ReferenceText = AfterPrompt(form.Text("prompt_text")), ReferenceAudio = form.Recording("prompt_wav"), Mode = SpeakModes.ZeroShot,
        });
        Map(app, "cross_lingual", form => new SpeakRequest { Text = form.Text("tts_text"), ReferenceAudio = form.Recording("prompt_wav"), Mode = SpeakModes.CrossLingual });
        Map(app, "instruct", form => new SpeakRequest
        {
            Text = form.Text("tts_text"), SpeakerId = form.Text("spk_id"), Instruction = BeforeText(form.Text("instruct_text")), Mode = SpeakModes.Instruct,
        });
        Map(app, "instruct2", form => new SpeakRequest
        {
            Text = form.Text("tts_text"), Instruction = BeforeText(form.Text("instruct_text")), ReferenceAudio = form.Recording("prompt_wav"), Mode = SpeakModes.Instruct,
        });
    }

    // Its client sends the form with GET.
    private static void Map(IEndpointRouteBuilder app, string mode, Func<ReferenceForm, SpeakRequest> ask) => app.MapMethods(
        $"/inference_{mode}",
        [HttpMethods.Get, HttpMethods.Post],
        async (HttpRequest request, ISynthesis synthesis, AudioEncoders encoders, CancellationToken cancellationToken) =>
        {
            var form = await ReferenceForm.ReadAsync(request, cancellationToken);
            var asked = ask(form) with { Unreadable = form.Violations };
            return (IResult)await SpeechResult.BeginAsync(synthesis, asked, encoders, new AudioOutput(AudioFormat.Pcm), cancellationToken);
        }).ExcludeFromDescription();

    // "You are a helpful assistant.<|endofprompt|>What is said."
    private static string? AfterPrompt(string? text) => text?[(text.LastIndexOf(EndOfPrompt, StringComparison.Ordinal) is >= 0 and var at ? at + EndOfPrompt.Length : 0)..];

    // "Speak softly.<|endofprompt|>": the end is put there by the engine.
    private static string? BeforeText(string? text) => text?.Split(EndOfPrompt)[0];
}
