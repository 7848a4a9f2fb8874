using System.Runtime.CompilerServices;
using System.Text;
using CosyOrleans.Service.Errors;
using CosyVoice.Text.Arriving;

namespace CosyOrleans.Service.Synthesis;

/// <summary>
/// Text that is still being written while it is spoken. It is kept, so that whoever speaks it can begin again. One writes, any
/// number read. What is said depends on the text and on where it was flushed, not on how it was cut into pieces.
/// </summary>
/// <param name="idle">Longest time between two pieces, and before the first; null: any. Counted while somebody waits for more.</param>
public sealed class TextInput(TimeProvider? time = null, TimeSpan? idle = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly List<TextPiece> _pieces = [];
    private TaskCompletionSource _changed = NewChange();
    private long _lastArrival = (time ?? TimeProvider.System).GetTimestamp();
    private string _half = ""; // Of a surrogate pair that a piece ended in.
    private bool _hasWords;
    private bool _complete;
    private SpeechException? _failure;

    /// <summary>Characters (UTF-16) so far.</summary>
    public int Characters { get; private set; }

    /// <summary>Goes on with the text, at any place.</summary>
    /// <exception cref="SpeechException">It becomes too long, or has characters that cannot be spoken; who speaks it is told, too.</exception>
    /// <exception cref="InvalidOperationException">The text was complete.</exception>
    public void Append(string text)
    {
        lock (_gate)
        {
            ThrowIfComplete();
            text = _half + text;
            _half = text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text[^1..] : "";
            text = text[..^_half.Length];
            if (Characters + text.Length > SpeakLimits.MaxWrittenCharacters)
            {
                throw Failed(TextRules.TooMuchWritten);
            }

            if (TextRules.FirstUnspeakable(text, "piece of text", out _) is { } unspeakable)
            {
                throw Failed(unspeakable);
            }

            if (text.Length > 0)
            {
                Characters += text.Length;
                _hasWords |= text.EnumerateRunes().Any(rune => Rune.IsLetter(rune) || Rune.IsNumber(rune));
                _pieces.Add(new TextPiece(text));
                Changed();
            }
        }
    }

    /// <summary>Everything so far is to be spoken without waiting for what follows, as if the text ended here.</summary>
    /// <exception cref="InvalidOperationException">The text was complete.</exception>
    public void Flush()
    {
        lock (_gate)
        {
            ThrowIfComplete();
            if (_pieces is [.., { Flush: false }]) // A second one would change nothing.
            {
                _pieces.Add(new TextPiece("", Flush: true));
                Changed();
            }
        }
    }

    /// <summary>Nothing follows. May be said any number of times.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_half.Length > 0 && !_complete && TextRules.FirstUnspeakable(_half, "piece of text", out _) is { } half)
            {
                Failed(half);
            }

            _complete = true;
            Changed();
        }
    }

    /// <summary>Nothing follows, for a reason that whoever speaks it is told. Only the first reason counts.</summary>
    public void Fail(SpeechException failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            Changed();
        }
    }

    /// <summary>The text from its beginning, as it comes.</summary>
    /// <exception cref="SpeechException">It cannot be spoken, or did not go on.</exception>
    public async IAsyncEnumerable<TextPiece> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var pieces in ReadBatchesAsync(cancellationToken))
        {
            foreach (var piece in pieces)
            {
                yield return piece;
            }
        }
    }

    /// <summary>The text from its beginning, each time with everything that has come.</summary>
    /// <exception cref="SpeechException">It cannot be spoken, or did not go on.</exception>
    public async IAsyncEnumerable<IReadOnlyList<TextPiece>> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var read = 0; ;)
        {
            var (pieces, isComplete, changed) = Since(read);
            if (pieces.Length > 0)
            {
                read += pieces.Length;
                yield return pieces;
            }
            else if (isComplete)
            {
                yield break;
            }
            else
            {
                await WaitAsync(changed, cancellationToken);
            }
        }
    }

    /// <summary>Completes when there is a word to be spoken.</summary>
    /// <exception cref="SpeechException">There is none in all of the text, or none came.</exception>
    internal async Task WhenWordsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_failure is not null || (_complete && !_hasWords))
                {
                    throw _failure ?? SpeechException.Invalid([TextRules.NothingToSpeak]);
                }

                if (_hasWords)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await WaitAsync(changed, cancellationToken);
        }
    }

    private (TextPiece[] Pieces, bool IsComplete, Task Changed) Since(int read)
    {
        lock (_gate)
        {
            return _failure is null ? ([.. _pieces[read..]], _complete, _changed.Task) : throw _failure;
        }
    }

    private async Task WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        if (idle is not { } limit)
        {
            await changed.WaitAsync(cancellationToken);
            return;
        }

        var left = limit - _time.GetElapsedTime(Interlocked.Read(ref _lastArrival));
        try
        {
            await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancellationToken);
        }
        catch (TimeoutException) when (!changed.IsCompleted)
        {
            Fail(new SpeechException(
                SpeechErrorKind.Invalid,
                SpeechErrorCodes.TextTimeout,
                $"No text came for {limit.TotalSeconds:0.###} seconds.",
                "Send text at least that often, or end the text when there is no more of it."));
        }
        catch (TimeoutException)
        {
            // It came at the last moment.
        }
    }

    private void ThrowIfComplete()
    {
        if (_complete)
        {
            throw new InvalidOperationException("The text was already complete.");
        }
    }

    private SpeechException Failed(Violation violation)
    {
        var failure = SpeechException.Invalid([violation]);
        Fail(failure);
        return failure;
    }

    private void Changed()
    {
        Interlocked.Exchange(ref _lastArrival, _time.GetTimestamp());
        var changed = _changed;
        _changed = NewChange();
        changed.TrySetResult();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
