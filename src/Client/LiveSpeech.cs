using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CosyOrleans.Client;

/// <summary>
/// A speech while it is being made. When its server is lost, another is asked for the same speech and what was heard already is
/// left out: the same request with the same seed is the same sound, and that what is left out is the same is checked.
/// </summary>
public sealed class LiveSpeech : IAsyncDisposable
{
    private readonly Func<SpeechClientException, CancellationToken, Task<SpeechAnswer>> _again;
    private SpeechAnswer _answer;

    internal LiveSpeech(SpeechAnswer answer, Func<SpeechClientException, CancellationToken, Task<SpeechAnswer>> again)
    {
        (_answer, _again) = (answer, again);
        (SampleRate, Seed, Voice, TaskId, Warnings) = (answer.SampleRate, answer.Seed, answer.Voice, answer.TaskId, answer.Warnings);
    }

    /// <summary>Samples per second.</summary>
    public int SampleRate { get; }

    public long Seed { get; }

    public string Voice { get; }

    public string TaskId { get; }

    /// <summary>What could be better about a recording in the request.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>How often another server had to go on.</summary>
    public int Continuations { get; private set; }

    /// <summary>The samples, mono, as they come; may be read once. Leaving early stops the server.</summary>
    /// <exception cref="SpeechClientException">No server can go on.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<short>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var heard = new HeardSound();
        while (await NextAsync(heard, cancellationToken) is { Length: > 0 } samples)
        {
            heard.Add(samples.Span);
            yield return samples;
        }
    }

    public ValueTask DisposeAsync() => _answer.DisposeAsync();

    private async Task<ReadOnlyMemory<short>> NextAsync(HeardSound heard, CancellationToken cancellationToken)
    {
        for (var skip = false; ;)
        {
            try
            {
                return skip ? await heard.SkipAsync(_answer, cancellationToken) : await _answer.ReadAsync(cancellationToken);
            }
            catch (SpeechClientException e)
            {
                await _answer.DisposeAsync();
                _answer = await _again(e, cancellationToken);
                Continuations++;
                skip = true;
            }
        }
    }
}

/// <summary>What was heard so far: how much, and its digest.</summary>
internal sealed class HeardSound : IDisposable
{
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _samples;

    public void Add(ReadOnlySpan<short> samples)
    {
        _digest.AppendData(MemoryMarshal.AsBytes(samples));
        _samples += samples.Length;
    }

    /// <summary>Reads over what was heard; the samples that follow, none at the end.</summary>
    /// <exception cref="SpeechClientException">It is not the same sound, or the answer broke off.</exception>
    public async ValueTask<ReadOnlyMemory<short>> SkipAsync(SpeechAnswer answer, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var left = _samples; ;)
        {
            var samples = await answer.ReadAsync(cancellationToken);
            var same = (int)Math.Min(left, samples.Length);
            digest.AppendData(MemoryMarshal.AsBytes(samples.Span[..same]));
            left -= same;
            if (left == 0)
            {
                return digest.GetCurrentHash().AsSpan().SequenceEqual(_digest.GetCurrentHash())
                    ? samples.Length > same ? samples[same..] : await answer.ReadAsync(cancellationToken)
                    : throw answer.Changed();
            }

            if (samples.IsEmpty)
            {
                throw answer.Changed();
            }
        }
    }

    public void Dispose() => _digest.Dispose();
}
