using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>What the mode of a request asks of everything else in it. What a recording sounds like turns out when it is listened to.</summary>
/// <param name="voice">The voice that the request names or leaves open; null where there is none of that name.</param>
/// <param name="others">Names of voices that might do instead.</param>
internal sealed class ModeRules(SpeakRequest request, Speaker? voice, IEnumerable<string> others)
{
    private readonly List<Violation> _violations = [];

    /// <summary>The recordings of the request, with everything that is wrong about its mode.</summary>
    public (SpeakRecordings Recordings, IReadOnlyList<Violation> Violations) Check()
    {
        var mode = SpeakModes.Of(request);
        var transcript = request.ReferenceText ?? "";
        var recordings = new SpeakRecordings(Read("reference_audio", request.ReferenceAudio), transcript, Read("source_audio", request.SourceAudio));
        CheckReference(recordings, transcript);
        _violations.AddRange(SpokenInstruction.Check(request.Instruction, request.Emotion, request.Dialect));
        if (!SpeakModes.Names.Contains(mode))
        {
            Wrong($"mode {Quoted.Value(mode)} is unknown.", $"Give one of the modes {Quoted.List([.. SpeakModes.Names])}, or leave mode out for sft.");
            return (recordings, _violations);
        }

        if (mode is SpeakModes.ZeroShot or SpeakModes.CrossLingual or SpeakModes.Conversion)
        {
            CheckRecording(mode);
        }

        CheckInstruction(mode);
        CheckSource(mode);
        return (recordings, _violations);
    }

    private byte[]? Read(string field, string? value) => string.IsNullOrEmpty(value) ? null : RequestRecording.Read(field, value, _violations);

    private void CheckReference(SpeakRecordings recordings, string transcript)
    {
        if (transcript.Length > 0 && string.IsNullOrEmpty(request.ReferenceAudio))
        {
            Wrong("reference_text is given without reference_audio.", "Give the recording in which it is said as reference_audio, or leave reference_text out.");
        }

        if (transcript.Length > VoiceRules.MaxTextLength)
        {
            Wrong(
                $"reference_text has {transcript.Length} characters; the limit is {VoiceRules.MaxTextLength}.",
                "Give what is said in reference_audio, word for word and nothing else.");
        }

        // Whoever goes on with a speech names the voice as the first answer did.
        if (request.SpeakerId is { } id && recordings.Reference is { } reference && id != ReferenceVoices.IdOf(reference, transcript))
        {
            Wrong($"Both speaker_id {Quoted.Value(id)} and reference_audio are given.", "Give one of them.");
        }
    }

    private void CheckRecording(string mode)
    {
        if (!string.IsNullOrEmpty(request.ReferenceAudio))
        {
            if (mode == SpeakModes.ZeroShot && string.IsNullOrWhiteSpace(request.ReferenceText))
            {
                Wrong(
                    "Mode zero_shot needs reference_text beside reference_audio.",
                    "Give what is said in reference_audio, word for word, as reference_text, or use mode cross_lingual.");
            }
        }
        else if (voice is { FlowPromptTokens.Length: 0 })
        {
            Unsuitable(
                $"Mode {mode} needs a voice made from a recording; {Quoted.Value(voice.Id)} is not.",
                $"Give reference_audio, or a voice made from a recording as speaker_id ({Examples()}POST /v1/audio/voices makes them), or use mode sft.");
        }
        else if (mode == SpeakModes.ZeroShot && voice is { PromptText.Length: 0 })
        {
            Unsuitable(
                $"Mode zero_shot needs the words of the recording; the voice {Quoted.Value(voice.Id)} was made without.",
                "Use mode cross_lingual, or make the voice again with its transcript.");
        }
    }

    private void CheckInstruction(string mode)
    {
        var given = SpokenInstruction.IsGiven(request.Instruction, request.Emotion, request.Dialect);
        if (mode == SpeakModes.Instruct && !given)
        {
            Wrong(
                "Mode instruct needs an emotion, a dialect or an instruction.",
                $"Give an emotion ({Quoted.List(SpokenInstruction.Emotions)}), a dialect ({Quoted.List(SpokenInstruction.Dialects)}) or an instruction in your own words, or leave mode out.");
        }
        else if (mode != SpeakModes.Instruct && given)
        {
            Wrong(
                $"Mode {mode} takes no {Given()}.",
                "Leave mode out or give instruct to speak as they say; otherwise leave emotion, dialect and instruction out.");
        }
    }

    private void CheckSource(string mode)
    {
        var given = !string.IsNullOrEmpty(request.SourceAudio);
        if (mode != SpeakModes.Conversion)
        {
            if (given)
            {
                Wrong($"Mode {mode} takes no source_audio.", "Give mode vc to have a recording said in another voice; otherwise leave source_audio out.");
            }

            return;
        }

        if (!given)
        {
            Wrong("Mode vc needs source_audio.", "Give the recording that is to be said in the voice as source_audio, in base64.");
        }

        if (!string.IsNullOrEmpty(request.Text))
        {
            Wrong("Mode vc takes no text: what is said comes from source_audio.", "Leave text out, or use another mode.");
        }
    }

    private string Given() => string.Join(" and no ", new[] { ("emotion", request.Emotion), ("dialect", request.Dialect), ("instruction", request.Instruction) }
        .Where(field => !string.IsNullOrEmpty(field.Item2)).Select(field => field.Item1));

    private string Examples() => Quoted.List([.. others.Select(Quoted.Value)], shown: 5) is { Length: > 0 } list ? $"{list}; " : "";

    private void Wrong(string message, string solution) => _violations.Add(new Violation(SpeechErrorCodes.RequestInvalid, message, solution));

    private void Unsuitable(string message, string solution) => _violations.Add(new Violation(SpeechErrorCodes.VoiceUnsuitable, message, solution));
}
