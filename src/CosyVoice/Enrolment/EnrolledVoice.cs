using CosyVoice.Engine;

namespace CosyVoice.Enrolment;

/// <summary>A voice made from a recording, and how good the recording is.</summary>
/// <param name="ModelKind">The kind of models that can speak with it, such as "cosyvoice2".</param>
public sealed record EnrolledVoice(Speaker Speaker, RecordingReport Report, string ModelKind);
