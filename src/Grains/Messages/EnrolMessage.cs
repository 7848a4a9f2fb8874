using CosyOrleans.Grains.Voices;

namespace CosyOrleans.Grains.Messages;

/// <summary>A recording that a voice is to be made from.</summary>
/// <param name="Recording">The whole file.</param>
[GenerateSerializer, Immutable, Alias("cosy.EnrolMessage")]
public sealed record EnrolMessage([property: Id(0)] string Id, [property: Id(1)] string? Transcript, [property: Id(2)] byte[] Recording);

/// <summary>The voice, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("cosy.EnrolAnswer")]
public sealed record EnrolAnswer([property: Id(0)] VoiceMessage? Voice, [property: Id(1)] ErrorMessage? Error);
