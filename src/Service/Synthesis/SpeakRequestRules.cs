using System.Globalization;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Voices;
using CosyVoice.Text;
using CosyVoice.Text.Marks;

namespace CosyOrleans.Service.Synthesis;

/// <summary>What a request must be like for this model. Finds everything that is wrong, not only the first thing.</summary>
internal sealed class SpeakRequestRules(ILoadedModel model, VoiceProfile? catalogue, SynthesisOptions options)
{
    private readonly List<Violation> _violations = [];

    /// <summary>The segments to speak, none where a recording decides what is said, and the recordings to listen to.</summary>
    /// <exception cref="SpeechException">At least one rule is broken.</exception>
    public (IReadOnlyList<TextSegment> Segments, SpeakRecordings Recordings) Check(SpeakRequest request)
    {
        _violations.AddRange(request.Unreadable);
        var recordings = CheckMode(request);
        if (string.IsNullOrEmpty(request.ReferenceAudio))
        {
            CheckVoice(request);
        }

        CheckSpeed(request.Speed);
        CheckSeed(request.Seed);
        CheckTaskId(request.TaskId);
        CheckSampleRate(request.SampleRate);
        var segments = request.Text is null || IsConversion(request) ? [] : CheckText(request.Text);
        CheckTextIsGiven(request);

        if (request.Resume is { } resume)
        {
            _violations.AddRange(ResumeRules.Check(request, resume, segments.Count, options.FrameSamples(model.SampleRate)));
        }

        return _violations.Count == 0 ? (segments, recordings) : throw SpeechException.Invalid(_violations);
    }

    private void CheckTextIsGiven(SpeakRequest request)
    {
        if (request is { Text: null, TextInput: null, Unreadable.Count: 0 } && !IsConversion(request))
        {
            _violations.Add(TextRules.Missing);
        }
        else if (request is { Text: not null, TextInput: not null })
        {
            Wrong("The text is given both as a whole and in pieces.", "Give it in one of the two ways.");
        }
        else if (request.TextInput is not null && IsConversion(request))
        {
            Wrong("Mode vc takes no text: what is said comes from source_audio.", "Use another mode.");
        }
    }

    private IReadOnlyList<TextSegment> CheckText(string text)
    {
        var before = _violations.Count;
        _violations.AddRange(TextRules.Check(text, options.MaxTextCharacters));
        if (_violations.Count > before)
        {
            return [];
        }

        try
        {
            var segments = model.Prepare(text);
            if (segments.Count == 0)
            {
                _violations.Add(TextRules.NothingToSpeak);
            }

            return segments;
        }
        catch (PronunciationMarkException unknown)
        {
            _violations.AddRange(unknown.Problems.Select(TextRules.UnknownMark));
            return [];
        }
    }

    private static bool IsConversion(SpeakRequest request) => SpeakModes.Of(request) == SpeakModes.Conversion;

    private SpeakRecordings CheckMode(SpeakRequest request)
    {
        var id = request.SpeakerId ?? options.DefaultVoice ?? model.VoiceIds.FirstOrDefault();
        var voice = catalogue?.Content ?? (id is not null && model.VoiceIds.Contains(id) ? model.OwnVoice(id) : null);
        var recorded = model.VoiceIds.Where(own => model.OwnVoice(own).FlowPromptTokens.Length > 0);
        var (recordings, violations) = new ModeRules(request, voice, recorded).Check();
        _violations.AddRange(violations);
        return recordings;
    }

    private void CheckVoice(SpeakRequest request)
    {
        if (catalogue is not null)
        {
            CheckCatalogue(catalogue, request);
            return;
        }

        if (request.SpeakerId is null && model.VoiceIds.Count == 0)
        {
            _violations.Add(new Violation(
                SpeechErrorCodes.VoiceUnknown,
                "No voice is named, and this model came without any.",
                "Give a voice that GET /v1/audio/voices lists as speaker_id, or a recording as reference_audio."));
            return;
        }

        if (request.SpeakerId is not { } voice || (model.VoiceIds.Contains(voice) && request.VoiceVersion is null or 0))
        {
            return;
        }

        // A server may have more voices than a message; those of the model are always there.
        _violations.Add(new Violation(
            SpeechErrorCodes.VoiceUnknown,
            request.VoiceVersion is { } version
                ? $"There is no version {version} of the voice {Quoted.Value(voice)}, or it is not kept any more."
                : $"There is no voice {Quoted.Value(voice)}.",
            model.VoiceIds.Count > 0
                ? $"Give one of these voices: {Quoted.List(model.VoiceIds)}; or another that GET /v1/audio/voices lists."
                : "Give a voice that GET /v1/audio/voices lists, or a recording as reference_audio."));
    }

    private void CheckCatalogue(VoiceProfile voice, SpeakRequest request)
    {
        if (voice.ModelKind != model.Kind)
        {
            _violations.Add(new Violation(
                SpeechErrorCodes.VoiceUnsuitable,
                $"The voice {Quoted.Value(voice.Id)} was made for {Quoted.Value(voice.ModelKind)}; this model is of the kind {model.Kind}.",
                $"Give a voice made for {model.Kind}, or make this one again from its recording."));
        }
        else if (model.WhyNot(voice.Content) is { } problem)
        {
            _violations.Add(new Violation(
                SpeechErrorCodes.VoiceUnsuitable,
                $"The voice {Quoted.Value(voice.Id)} does not fit this model: {problem}.",
                "Make the voice again from its recording with this model."));
        }

        // As long as nothing was heard the version may be open: a worker that was lost may never have said it.
        if (request is { Resume: { FrameNumber: > 0 } or { Checkpoint: not null }, VoiceVersion: null })
        {
            _violations.Add(new Violation(
                SpeechErrorCodes.ResumeInvalid,
                $"The speech to be continued does not say which version of the voice {Quoted.Value(voice.Id)} it began with.",
                "Send the version that the first answer named."));
        }
    }

    private void CheckSpeed(double? speed)
    {
        if (speed is not null and not (>= SpeakLimits.MinSpeed and <= SpeakLimits.MaxSpeed))
        {
            Wrong($"speed is {Text(speed.Value)}, outside 0.5 to 2.0.", "Give a speed from 0.5 to 2.0, or leave it out for 1.0.");
        }
    }

    private void CheckSeed(long? seed)
    {
        if (seed is < SpeakLimits.MinSeed or > SpeakLimits.MaxSeed)
        {
            Wrong(
                $"seed is {seed}, outside 1 to 100,000,000.",
                "Give a whole number from 1 to 100,000,000, or leave seed out for a random one, which X-Seed reports.");
        }
    }

    /// <summary>Whether a speech can have this name.</summary>
    internal static bool IsTaskId(string task) => task.Length is > 0 and <= SpeakLimits.MaxTaskIdLength && char.IsAsciiLetterOrDigit(task[0])
        && task.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private void CheckTaskId(string? task)
    {
        if (task is not null && !IsTaskId(task))
        {
            Wrong(
                $"task_id {Quoted.Value(task)} cannot be used as a name.",
                $"Give 1 to {SpeakLimits.MaxTaskIdLength} letters, digits, '.', '_' or '-', the first a letter or digit, or none.");
        }
    }

    private void CheckSampleRate(long? rate)
    {
        if (rate is not null && rate != model.SampleRate)
        {
            NotOffered(
                $"sample_rate {rate} is not offered; this model speaks at {model.SampleRate}.",
                $"Leave sample_rate out, or give {model.SampleRate}.");
        }
    }

    private void Wrong(string message, string solution) =>
        _violations.Add(new Violation(SpeechErrorCodes.RequestInvalid, message, solution));

    private void NotOffered(string message, string solution) =>
        _violations.Add(new Violation(SpeechErrorCodes.NotOffered, message, solution));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
