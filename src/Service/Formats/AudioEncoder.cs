using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Formats;

/// <summary>The place of one sound among those that are being written.</summary>
public sealed class AudioEncoder : IDisposable
{
    private readonly Func<AudioFormat, int, bool, ISoundEncoding> _create;
    private Action? _free;

    internal AudioEncoder(AudioOutput output, Func<AudioFormat, int, bool, ISoundEncoding> create, Action free) =>
        (Output, _create, _free) = (output, create, free);

    public AudioOutput Output { get; }

    /// <summary>A speech in the format.</summary>
    /// <param name="whole">
    /// Whether nothing is sent before the end is known: files state their true length then. Otherwise bytes come as
    /// early as they can.
    /// </param>
    public EncodedSound Encode(Speech speech, bool whole) => Encode(SoundSamples.Of(speech.Frames), speech.Details.SampleRate, whole);

    /// <param name="samples">Mono, 16 bit, in pieces of any length.</param>
    /// <param name="sampleRate">Samples per second of these.</param>
    public EncodedSound Encode(IAsyncEnumerable<ReadOnlyMemory<short>> samples, int sampleRate, bool whole)
    {
        var rate = Output.RateOf(sampleRate);
        return new EncodedSound(_create(Output.Format, rate, whole), samples.AtRate(sampleRate, rate), rate);
    }

    public void Dispose() => Interlocked.Exchange(ref _free, null)?.Invoke();
}
