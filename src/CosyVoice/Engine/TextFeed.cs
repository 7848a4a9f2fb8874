using System.Buffers;
using System.Text;
using CosyVoice.Text;
using CosyVoice.Text.Arriving;

namespace CosyVoice.Engine;

/// <summary>
/// Text that arrives in pieces, as text ids in utterances. One thread writes, the engine reads. Ids and utterances depend on
/// the text alone, not on how it was cut: a word is held back until what follows shows where it ends.
/// </summary>
/// <param name="reading">Makes of the text what is said; null: it is spoken as it is.</param>
internal sealed class TextFeed(Tokenizer tokenizer, ArrivingText? reading = null)
{
    /// <summary>More than a long chapter.</summary>
    public const int MostCharacters = 100_000;

    private const int LongestUnit = 24; // Characters: Chinese has no blanks to wait for.
    private const int LongestAddedToken = 24;

    // An utterance ends with the sentence in which it gets long, and in any case before it gets very long.
    private const int EnoughIds = 60;
    private const int MostIds = 160;

    private static readonly SearchValues<char> FullStops = SearchValues.Create("。！？；");

    private readonly Lock _lock = new();
    private readonly StringBuilder _held = new();
    private readonly List<List<int>> _utterances = [];
    private readonly List<StringBuilder> _texts = []; // Of the utterances.
    private readonly List<int> _unspoken = []; // Ids without a letter or digit, which do not begin an utterance.
    private long _characters;
    private bool _endsUtterance = true;
    private bool _complete;
    private Exception? _error;

    /// <summary>Utterances there will be; <see cref="int.MaxValue"/> while that is not known.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _complete ? _utterances.Count : int.MaxValue;
            }
        }
    }

    /// <summary>Why no more text comes, if that is no good reason.</summary>
    public Exception? Error
    {
        get
        {
            lock (_lock)
            {
                return _error;
            }
        }
    }

    public bool Has(int utterance)
    {
        lock (_lock)
        {
            return utterance < _utterances.Count;
        }
    }

    /// <summary>The ids of an utterance from <paramref name="from"/> on, and whether no more of them follow.</summary>
    public (int[] Ids, bool IsComplete) Read(int utterance, int from)
    {
        lock (_lock)
        {
            var isLast = utterance == _utterances.Count - 1;
            return ([.. _utterances[utterance].Skip(from)], !isLast || _complete || _endsUtterance);
        }
    }

    /// <summary>An utterance as far as it is known.</summary>
    public string TextOf(int utterance)
    {
        lock (_lock)
        {
            return _texts[utterance].ToString().Trim();
        }
    }

    /// <exception cref="ArgumentException">It is too much text, or has marks of pronunciation that the model does not know.</exception>
    public void Append(TextPiece piece)
    {
        _characters += piece.Text.Length;
        if (_characters > MostCharacters)
        {
            throw new ArgumentException($"More than {MostCharacters} characters in one request; begin another one.");
        }

        // Reading takes its time, and the engine does not wait for it.
        var text = reading is null ? piece.Text : reading.Append(piece.Text);
        Add(text, isEnd: false);
        if (piece.Flush)
        {
            Add(reading?.Flush() ?? "", isEnd: true);
        }
    }

    public void Complete()
    {
        var rest = reading?.Flush() ?? "";
        lock (_lock)
        {
            _complete = true;
            Add(rest, isEnd: true);
        }
    }

    public void Fail(Exception error)
    {
        lock (_lock)
        {
            _error = error;
        }
    }

    private void Add(string text, bool isEnd)
    {
        lock (_lock)
        {
            _held.Append(text);
            Release(isEnd);
            _endsUtterance |= isEnd;
        }
    }

    private void Release(bool isEnd)
    {
        var text = _held.ToString().AsSpan();
        while (FirstUnit(text, isEnd) is > 0 and var length)
        {
            Add(text[..length], length < text.Length ? text[length] : '\n');
            text = text[length..];
        }

        var rest = text.ToString();
        _held.Clear().Append(rest);
    }

    /// <summary>Characters of the unit that the text begins with; 0 while it might go on.</summary>
    private int FirstUnit(ReadOnlySpan<char> text, bool isEnd)
    {
        var added = tokenizer.Added.FindFirst(text);
        if (added is { Start: 0, Length: var whole })
        {
            return whole;
        }

        var plain = text[..(added?.Start ?? text.Length)];
        var isOpen = !isEnd && added is null;
        if (plain.IsEmpty)
        {
            return 0;
        }

        if (FullStops.Contains(plain[0]))
        {
            return 1;
        }

        var length = PieceSplitter.FirstLength(plain);
        if (plain[..length].IndexOfAny(FullStops) is > 0 and var stop)
        {
            return stop;
        }

        if (isOpen && MayBecomeAdded(plain, length))
        {
            return 0;
        }

        if (length > LongestUnit)
        {
            return char.IsHighSurrogate(plain[LongestUnit - 1]) ? LongestUnit - 1 : LongestUnit;
        }

        return isOpen && length == plain.Length ? 0 : length;
    }

    /// <summary>Whether an added token may have begun in the first unit without being whole.</summary>
    private static bool MayBecomeAdded(ReadOnlySpan<char> text, int unit)
    {
        var start = text[..Math.Min(unit, LongestUnit)].IndexOfAny('[', '<');
        return start >= 0 && text.Length - start < LongestAddedToken && text[start..].IndexOfAny("]> \n") < 0;
    }

    /// <summary>Whether a sentence ends with a unit; a full stop within a number or name is none.</summary>
    private static bool EndsSentence(ReadOnlySpan<char> unit, bool isSpoken, char next) =>
        FullStops.Contains(unit[^1]) || (!isSpoken && unit.IndexOfAny(".!?;\n") >= 0 && !char.IsLetterOrDigit(next));

    private void Add(ReadOnlySpan<char> unit, char next)
    {
        var ids = tokenizer.Encode(unit.ToString());
        var isSpoken = false;
        foreach (var rune in unit.EnumerateRunes())
        {
            isSpoken |= Rune.IsLetter(rune) || Rune.IsNumber(rune);
        }

        if (_endsUtterance && !isSpoken)
        {
            _unspoken.AddRange(ids);
            return;
        }

        if (_endsUtterance)
        {
            _utterances.Add([.. _unspoken]);
            _texts.Add(new StringBuilder());
            _unspoken.Clear();
            _endsUtterance = false;
        }

        var utterance = _utterances[^1];
        utterance.AddRange(ids);
        _texts[^1].Append(unit);
        _endsUtterance = utterance.Count >= MostIds || (utterance.Count >= EnoughIds && EndsSentence(unit, isSpoken, next));
    }
}
