using System.Text;
using System.Text.Json;
using CosyVoice.Weights;

namespace CosyOrleans.Service.Voices;

/// <summary>
/// One voice with all that belongs to it as one file: its <see cref="SpeakerTensors"/>, and as their metadata what voice.json says
/// in a data folder. Any program that reads .safetensors finds the tensors in it.
/// </summary>
public static class ExportedVoice
{
    /// <summary>Of the name of such a file.</summary>
    public const string Extension = ".safetensors";

    private const string Entry = "cosyorleans.voice";

    /// <summary>The same version of a voice is the same bytes.</summary>
    public static byte[] Write(VoiceProfile voice)
    {
        var header = VoiceHeader.Of(voice, SpeakerTensors.Write(voice.Content)).ToJson();
        return SpeakerTensors.Write(voice.Content, [KeyValuePair.Create(Entry, Encoding.UTF8.GetString(header))]);
    }

    /// <summary>The voice of a file; of one that says nothing about it only id and content.</summary>
    /// <param name="name">Of the file, without a folder.</param>
    /// <param name="content">The whole file.</param>
    /// <exception cref="CheckpointException">It is no such file, or was changed.</exception>
    internal static VoiceProfile Read(string name, ReadOnlySpan<byte> content)
    {
        var id = Path.GetFileNameWithoutExtension(name);
        var speaker = SpeakerTensors.Read(id, content, out var metadata);
        if (!metadata.TryGetValue(Entry, out var json))
        {
            return new VoiceProfile { Id = id, Name = id, ModelKind = VoiceProfile.DefaultModelKind, Content = speaker };
        }

        try
        {
            return VoiceHeader.Read(Encoding.UTF8.GetBytes(json)).With(SpeakerTensors.Write(speaker));
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new CheckpointException(name, [$"{Entry}: {e.Message}"]);
        }
    }
}
