using System.Globalization;
using System.Text;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>What is remembered of a task while it is under way. Its text comes from one thread and is told by another.</summary>
internal sealed class DashScopeTask(string id)
{
    private const int KeptText = 1000;
    private const string SsmlBegins = "<speak";

    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private int _characters;
    private SpeechException? _failure;

    public string Id => id;

    /// <summary>Whether to tell when words are said.</summary>
    public bool IsTimed { get; init; }

    /// <summary>Null until the first.</summary>
    public DashScopeSentences? Sentences { get; set; }

    /// <summary>Whether its text has ended.</summary>
    public bool IsWritten { get; set; }

    /// <summary>So far.</summary>
    public int Characters => Volatile.Read(ref _characters);

    /// <summary>Why it has to fail, when it was not the speech that failed.</summary>
    public SpeechException? Failure => Volatile.Read(ref _failure);

    /// <summary>The beginning of its text.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    public void Fail(SpeechException failure) => Interlocked.CompareExchange(ref _failure, failure, null);

    /// <summary>Counts a piece of its text; says what is wrong with it, null when nothing is.</summary>
    public SpeechException? Add(string piece)
    {
        var count = BilledCharacters.Count(piece);
        if (IsWritten)
        {
            return Wrong("The text of this task has already ended.", "Send text before finish-task, or begin another task.");
        }

        if (count > BilledCharacters.MostOfMessage)
        {
            return TooLong("message", count, BilledCharacters.MostOfMessage, "Send it in several messages.");
        }

        if (_characters + count > BilledCharacters.MostOfTask)
        {
            return TooLong("task", _characters + count, BilledCharacters.MostOfTask, "Send it as several tasks.");
        }

        Interlocked.Add(ref _characters, count);
        lock (_gate)
        {
            _text.Append(piece.AsSpan(0, Math.Min(piece.Length, KeptText - _text.Length)));
        }

        return IsSsml(Text) ? Ssml : null;
    }

    /// <summary>Why a text with tags cannot be spoken.</summary>
    public static SpeechException Ssml { get; } = Wrong("The text is SSML, which is not understood.", "Send the text without tags.");

    /// <summary>Whether a text is SSML, from its beginning.</summary>
    public static bool IsSsml(string text) => text.AsSpan().TrimStart().StartsWith(SsmlBegins, StringComparison.OrdinalIgnoreCase);

    public static SpeechException Wrong(string message, string solution) =>
        SpeechException.Invalid([new Violation(SpeechErrorCodes.RequestInvalid, message, solution)]);

    private static SpeechException TooLong(string what, int count, int most, string solution) => SpeechException.Invalid([new Violation(
        SpeechErrorCodes.TextTooLong,
        string.Create(CultureInfo.InvariantCulture, $"The text of the {what} has {count} characters (an ideograph counts as two); the limit is {most}."),
        solution)]);
}
