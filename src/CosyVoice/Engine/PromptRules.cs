using CosyVoice.Models;
using CosyVoice.Text;

namespace CosyVoice.Engine;

/// <summary>
/// What a mode gives to the language model before the text, and to the flow before the speech (cosyvoice/cli/frontend.py).
/// CosyVoice 3 wants an instruction and its end in front of everything; where there is none, it gets the one it knows best.
/// </summary>
internal sealed class PromptRules(ModelKind kind, Tokenizer tokenizer)
{
    public const string EndOfPrompt = "<|endofprompt|>";

    public const string Greeting = "You are a helpful assistant.";

    private readonly int[] _greeting = tokenizer.Encode(Greeting + EndOfPrompt);

    /// <summary>CosyVoice 3: the id that ends the instruction, which text that arrives in pieces is never mixed with.</summary>
    public int? InstructionEnd { get; } = kind == ModelKind.CosyVoice3 ? tokenizer.IdOf(EndOfPrompt) : null;

    /// <summary>The voice as the mode uses it: what its prompt fields then hold is what the model is given.</summary>
    /// <param name="text">Text ids of the segment.</param>
    /// <param name="instruction">How to speak, with or without the words that the model expects around it.</param>
    public Speaker Apply(Speaker speaker, SpeechMode mode, string instruction, ReadOnlySpan<int> text)
    {
        switch (mode)
        {
            case SpeechMode.ZeroShot:
                return speaker with { PromptText = Instructed(speaker.PromptText, text) };
            case SpeechMode.CrossLingual:
                return speaker with { PromptText = Instructed([], text), PromptSpeechTokens = [] };
            case SpeechMode.Instruct:
                return speaker with { PromptText = tokenizer.Encode(Complete(instruction)), PromptSpeechTokens = [] };
            case SpeechMode.Sft:
                return new Speaker { Id = speaker.Id, Embedding = speaker.Embedding, PromptText = Instructed([], text) };
            case SpeechMode.Conversion:
                return speaker;
            default:
                throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");
        }
    }

    /// <summary>An instruction as the model knows it.</summary>
    private string Complete(string instruction)
    {
        if (instruction.Contains(EndOfPrompt, StringComparison.Ordinal))
        {
            return instruction;
        }

        return kind == ModelKind.CosyVoice3 && !instruction.StartsWith(Greeting, StringComparison.Ordinal)
            ? $"{Greeting} {instruction}{EndOfPrompt}"
            : instruction + EndOfPrompt;
    }

    private int[] Instructed(int[] prompt, ReadOnlySpan<int> text) =>
        InstructionEnd is not { } end || prompt.Contains(end) || text.Contains(end) ? prompt : [.. _greeting, .. prompt];
}
