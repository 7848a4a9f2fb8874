using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Cache;

/// <summary>A name for everything that determines a sound, and for whom it was made: the same name, the same samples.</summary>
internal static class CacheKey
{
    /// <summary>Characters of a longer text are many seconds of sound, all of which are held while they are made.</summary>
    public const int LongestText = 2000;

    /// <summary>
    /// Whether a request means the same sound whenever it is asked, and somebody is waiting for it. Whatever is wrong with one must
    /// be in its key, so that it is not found, or lead to whoever speaks, who says so.
    /// </summary>
    public static bool Suits(SpeakRequest request) =>
        request is { Seed: not null, Resume: null, TextInput: null, Unreadable.Count: 0, Lane: SpeechLane.Interactive, Text: null or { Length: <= LongestText } }
        && (request.TaskId is null || SpeakRequestRules.IsTaskId(request.TaskId));

    /// <param name="fingerprint">Of the model, the engine and their settings.</param>
    /// <param name="voice">Of the catalogue, under the name by which it is stored; null for any other.</param>
    public static string Of(SpeakRequest request, string fingerprint, VoiceProfile? voice)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<string?> fields =
        [
            "cosy audio 1", fingerprint, request.Tenant, request.SpeakerId, voice?.Id, Number(voice?.Version ?? 0), SpeakModes.Of(request), request.Text,
            SpokenInstruction.Of(request.Instruction, request.Emotion, request.Dialect), Number(request.Seed!.Value), Number(request.Speed ?? 1),
            request.Streaming ? "stream" : "whole", Number(request.SampleRate ?? 0), request.ReferenceAudio, request.ReferenceText, request.SourceAudio,
        ];
        foreach (var field in fields)
        {
            Append(hash, field);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // With its length before it, so that no two lists of fields look alike; none is different from an empty one.
    private static void Append(IncrementalHash hash, string? field)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, field?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(MemoryMarshal.AsBytes(field.AsSpan()));
    }

    private static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
