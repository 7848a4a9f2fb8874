using System.Text.Json.Serialization;
using CosyOrleans.Service.Alignment;

namespace CosyOrleans.Frontend.ElevenLabs;

/// <summary>
/// When the characters of one message are said, in milliseconds from the beginning of the sound of that message. Durations add up to its
/// length: clients add them to find out where the next message begins.
/// </summary>
internal sealed record ElevenLabsAlignment(
    [property: JsonPropertyName("chars")] IReadOnlyList<string> Characters,
    [property: JsonPropertyName("charStartTimesMs")] IReadOnlyList<int> StartTimes,
    [property: JsonPropertyName("charDurationsMs")] IReadOnlyList<int> Durations)
{
    /// <param name="characters">In order; null where there are none.</param>
    /// <param name="begin">Seconds of the speech where the sound of the message begins.</param>
    /// <param name="end">Where it ends.</param>
    public static ElevenLabsAlignment? Of(IReadOnlyList<SpokenSpan> characters, double begin, double end)
    {
        if (characters.Count == 0)
        {
            return null;
        }

        // A message ends with the frame that its last segment ends in, so that the next one's first character may have begun already.
        int At(double seconds) => (int)Math.Round(1000 * (Math.Clamp(seconds, begin, end) - begin));
        int[] starts = [0, .. characters.Skip(1).Select(character => At(character.Begin))];
        var ends = starts.Skip(1).Append(At(end));
        return new ElevenLabsAlignment([.. characters.Select(character => character.Text)], starts, [.. starts.Zip(ends, (from, to) => to - from)]);
    }
}
