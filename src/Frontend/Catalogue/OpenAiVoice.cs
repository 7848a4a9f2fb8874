using System.Text.Json.Serialization;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Catalogue;

/// <summary>A new voice, as OpenAI's clients are told of it.</summary>
internal sealed record OpenAiVoice(string Object, string Id, string Name, [property: JsonPropertyName("created_at")] long CreatedAt)
{
    public static OpenAiVoice Of(VoiceProfile voice) => new("audio.voice", voice.Id, voice.Name, voice.Created.ToUnixTimeSeconds());
}
