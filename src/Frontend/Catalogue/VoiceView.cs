using System.ComponentModel;
using System.Text.Json.Serialization;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Catalogue;

internal sealed record VoiceList(IReadOnlyList<VoiceView> Voices);

/// <summary>A voice as it is shown.</summary>
internal sealed record VoiceView(
    string Id,
    string Name,
    [property: Description("The model, or for a voice of the catalogue the kind of model it was made for.")] string Model,
    [property: Description("model: it came with the model; catalogue: it was added.")] string Source)
{
    [Description("Of a voice of the catalogue: 1 or more.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Version { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Owner { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Created { get; init; }

    [Description("The modes in which it can speak. Not in the list, and of the model's own voices not where only workers have their content.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Modes { get; init; }

    [Description("What is said in the recording it was made from. Not in the list.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Transcript { get; init; }

    [Description("The words in which the person whose voice this is agreed to its use. Not in the list.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Consent { get; init; }

    [Description("How good the recording is that it was made from. Not in the list.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReportView? Report { get; init; }

    public static VoiceView Of(VoiceProfile voice) => Of(Voice.Of(voice)) with
    {
        Modes = voice.Modes,
        Transcript = voice.Transcript,
        Consent = voice.Consent,
        Report = voice.Report is { } report ? ReportView.Of(report) : null,
    };

    public static VoiceView Of(Voice voice) => new(voice.Id, voice.Name, voice.Model, voice.BuiltIn ? "model" : "catalogue")
    {
        Version = voice.BuiltIn ? null : voice.Version,
        Owner = voice.Owner,
        Created = voice.Created,
    };
}
