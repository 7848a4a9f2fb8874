using CosyOrleans.Service.Errors;
using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.Enrolment;
using CosyVoice.Weights;

namespace CosyOrleans.Service.Voices;

/// <summary>Voices made from recordings.</summary>
public static class RecordedVoice
{
    /// <summary>Bytes of a recording.</summary>
    public const int MaxBytes = VoiceEnrolment.MaxBytes;

    private const int ShownProblems = 5;

    /// <summary>A voice that keeps <see cref="VoiceRules"/>, with the report on its recording; it is not saved yet.</summary>
    /// <param name="described">Its id, name, owner, transcript and consent; the rest is ignored.</param>
    /// <param name="recording">The whole file, 1 to <see cref="MaxBytes"/> bytes.</param>
    /// <param name="builtIn">Ids that are taken.</param>
    /// <param name="enrol">What listens to it.</param>
    /// <exception cref="SpeechException">No voice can be made; everything that is wrong is named.</exception>
    public static async Task<VoiceProfile> MakeAsync(
        VoiceProfile described, ReadOnlyMemory<byte> recording, IEnumerable<string> builtIn, Enrol enrol, CancellationToken cancellationToken)
    {
        // Before it is listened to, which takes seconds.
        VoiceRules.Check(described with { Content = new Speaker { Id = described.Id, Embedding = new float[Speaker.EmbeddingSize] } }, builtIn);
        var voice = await ListenAsync(() => enrol(described.Id, recording, described.Transcript ?? "", cancellationToken));
        return described with { ModelKind = voice.ModelKind, Content = voice.Speaker, Report = voice.Report };
    }

    /// <summary>Finds out, by an empty recording, whether voices can be made at all.</summary>
    /// <exception cref="SpeechException">They cannot: it says why.</exception>
    public static async Task CheckAsync(Enrol enrol, CancellationToken cancellationToken)
    {
        try
        {
            await ListenAsync(() => enrol("voice", ReadOnlyMemory<byte>.Empty, "", cancellationToken));
        }
        catch (SpeechException e) when (e.Code == SpeechErrorCodes.RecordingInvalid)
        {
            // Only the recording was wrong with it.
        }
    }

    /// <summary>Listens to a recording; what is wrong with it is said as the service says it.</summary>
    /// <exception cref="SpeechException">It cannot be used; everything that is wrong is named.</exception>
    internal static async Task<T> ListenAsync<T>(Func<Task<T>> listen)
    {
        try
        {
            return await listen();
        }
        catch (AudioFormatException e)
        {
            throw SpeechException.Invalid([new Violation(SpeechErrorCodes.RecordingInvalid, Quoted.Plain(e.Message), e.Solution)]);
        }
        catch (RecordingException e)
        {
            throw SpeechException.Invalid([.. e.Problems.Select(problem => new Violation(SpeechErrorCodes.RecordingInvalid, problem.Message, problem.Solution))]);
        }
        catch (CheckpointException e)
        {
            throw new SpeechException(
                SpeechErrorKind.Configuration,
                SpeechErrorCodes.EnrolmentUnavailable,
                $"This model cannot make voices from recordings: {Quoted.List(e.Problems, ShownProblems)}.",
                "Put campplus.onnx and speech_tokenizer_v2.onnx (of CosyVoice 3: _v3.onnx), as they come with the model, into its folder.",
                e);
        }
    }

    /// <summary>As <see cref="VoiceEnrolment.EnrolAsync"/>.</summary>
    public delegate Task<EnrolledVoice> Enrol(string id, ReadOnlyMemory<byte> recording, string transcript, CancellationToken cancellationToken);
}
