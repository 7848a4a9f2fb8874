namespace CosyVoice.Engine;

/// <summary>
/// Text and speech tokens in, scores of the next speech token out. One call advances any mix of sequences: a
/// prompt being prefilled and sequences that decode one token may share it. A sequence's result does not
/// depend on what else is in the call.
/// </summary>
public interface ILanguageModel : IDisposable
{
    /// <summary>Text ids are below this.</summary>
    int TextTokenCount { get; }

    /// <summary>Size of one row of scores: speech codebook plus special ids.</summary>
    int ScoreCount { get; }

    /// <summary>Ids below this are speech tokens; the rest are special.</summary>
    int SpeechTokenCount { get; }

    /// <summary>Ids that end an utterance: all above the codebook, in rising order.</summary>
    IReadOnlyList<int> StopIds { get; }

    /// <summary>The one of them that the model was trained to end with.</summary>
    int EndId { get; }

    /// <summary>The id that asks for more text in text-in streaming.</summary>
    int FillId { get; }

    /// <summary>An empty KV cache on this model's device.</summary>
    ISequenceCache CreateCache();

    /// <summary>
    /// Appends each step's inputs to its cache and writes the scores after its last input (logits, not
    /// normalised) to row i of <paramref name="scores"/>, [steps, ScoreCount].
    /// </summary>
    void Forward(IReadOnlyList<LanguageModelStep> steps, Span<float> scores);

    /// <summary>Appends each step's inputs to its cache and draws the tokens of those that have a <see cref="LanguageModelStep.Draw"/>.</summary>
    /// <param name="sampler">A backend's own samples where the scores are.</param>
    /// <param name="tokens">[steps]; those that nothing is drawn for stay as they are.</param>
    void Sample(IReadOnlyList<LanguageModelStep> steps, ITokenSampler sampler, Span<DrawnToken> tokens) =>
        this.SampleOnHost(steps, sampler, tokens);
}

/// <summary>Keys and values of the positions one sequence has seen.</summary>
public interface ISequenceCache : IDisposable
{
    /// <summary>Positions held.</summary>
    int Length { get; }

    /// <summary>Positions that it could hold if it were the only one.</summary>
    int Capacity { get; }
}

/// <summary>The inputs, at least one, that one sequence appends in one forward call.</summary>
public readonly record struct LanguageModelStep(ISequenceCache Cache, ReadOnlyMemory<LanguageModelInput> Inputs)
{
    /// <summary>How the token behind the inputs is drawn; null: it is not.</summary>
    public TokenDraw? Draw { get; init; }
}

/// <summary>One input position: which embedding table, which row.</summary>
public readonly record struct LanguageModelInput(LanguageModelInputKind Kind, int Id)
{
    public static LanguageModelInput Sos => new(LanguageModelInputKind.Sos, 0);

    public static LanguageModelInput TaskId => new(LanguageModelInputKind.TaskId, 0);

    public static LanguageModelInput Text(int id) => new(LanguageModelInputKind.Text, id);

    public static LanguageModelInput Speech(int id) => new(LanguageModelInputKind.Speech, id);
}

public enum LanguageModelInputKind
{
    Sos,
    TaskId,
    Text,
    Speech,
}
