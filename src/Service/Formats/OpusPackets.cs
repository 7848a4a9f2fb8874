using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Formats;

/// <summary>
/// Sound as bare Opus packets of 20 ms, for connections that keep packets apart themselves. Made by libopus, where it is
/// installed. Not for several threads at once, except <see cref="BitRate"/>.
/// </summary>
public sealed class OpusPackets : IDisposable
{
    /// <summary>Length of a packet's sound.</summary>
    public const int Milliseconds = 20;

    public const int MinBitRate = 6_000;
    public const int MaxBitRate = 510_000;
    public const int DefaultBitRate = 32_000;

    private const int MostPacketBytes = 1275; // Of one frame, says the format.
    private const int DecoderRate = 48_000; // In which lengths are stated, whatever the rate.

    private readonly LibOpus.Encoder _encoder;
    private readonly StreamResampler _resampler;
    private readonly short[] _frame;
    private readonly int _lookahead;
    private int _filled;
    private long _taken;
    private long _packed;
    private int _applied;
    private volatile int _bitRate;

    /// <param name="fromRate">Samples per second of what will be added, 1 or more.</param>
    /// <param name="sampleRate">8000, 16000, 24000 or 48000, what the packets hold; null for the next to <paramref name="fromRate"/>.</param>
    /// <param name="bitRate">See <see cref="BitRate"/>.</param>
    /// <exception cref="SpeechException">libopus is not installed, or the rate or bit rate cannot be had.</exception>
    public OpusPackets(int fromRate, int? sampleRate = null, int bitRate = DefaultBitRate)
        : this(LibOpus.Find(), fromRate, sampleRate, bitRate)
    {
    }

    internal OpusPackets(LibOpus? library, int fromRate, int? sampleRate, int bitRate)
    {
        var problems = new[] { WhyNot(library), AudioOutput.CheckRate(AudioFormat.Opus, sampleRate), CheckBitRate(bitRate) }.OfType<Violation>().ToArray();
        if (problems.Length > 0)
        {
            throw SpeechException.Invalid(problems);
        }

        SampleRate = new AudioOutput(AudioFormat.Opus, sampleRate).RateOf(fromRate);
        _resampler = new StreamResampler(fromRate, SampleRate);
        _frame = new short[SampleRate * Milliseconds / 1000];
        _encoder = library!.CreateEncoder(SampleRate);
        _lookahead = _encoder.Lookahead;
        _bitRate = bitRate;
    }

    /// <summary>Samples per second that the packets hold; decoders may give more.</summary>
    public int SampleRate { get; }

    /// <summary>Samples, 48000 of them a second, that a decoder gives before the sound begins: the pre-skip of an Ogg header.</summary>
    public int PreSkip => _lookahead * (DecoderRate / SampleRate);

    /// <summary>Bits per second, 6,000 to 510,000; a new value holds from the next packet on, and may be set at any time from any thread.</summary>
    /// <exception cref="SpeechException">It is outside the range.</exception>
    public int BitRate
    {
        get => _bitRate;
        set => _bitRate = CheckBitRate(value) is { } problem ? throw SpeechException.Invalid([problem]) : value;
    }

    /// <summary>Why there can be no packets on this machine; null where there can.</summary>
    public static Violation? WhyNot() => WhyNot(LibOpus.Find());

    /// <summary>What is wrong with a bit rate; null when nothing is.</summary>
    public static Violation? CheckBitRate(long bitRate) => bitRate is >= MinBitRate and <= MaxBitRate ? null : new Violation(
        SpeechErrorCodes.RequestInvalid, $"The bit rate is {bitRate}, outside {MinBitRate} to {MaxBitRate}.", $"Give {MinBitRate} to {MaxBitRate} bits per second, such as {DefaultBitRate}.");

    /// <summary>The packets that these samples complete, each the caller's to keep.</summary>
    public IReadOnlyList<byte[]> Add(ReadOnlySpan<short> samples) => Pack(_resampler.Add(samples));

    /// <summary>The packets that are left at the end, with silence after it.</summary>
    public IReadOnlyList<byte[]> Finish()
    {
        List<byte[]> packets = [.. Pack(_resampler.Finish())];
        for (var all = _taken + _lookahead; _packed < all;)
        {
            packets.AddRange(Pack(new short[_frame.Length - _filled]));
        }

        return packets;
    }

    public void Dispose() => _encoder.Dispose();

    private static Violation? WhyNot(LibOpus? library) => library is not null ? null : new Violation(
        SpeechErrorCodes.FormatUnavailable,
        "Opus packets are made by the library libopus, which is not installed on this server.",
        "Ask for pcm, or install libopus where the server runs (Debian and Ubuntu: apt-get install libopus0).");

    private List<byte[]> Pack(ReadOnlySpan<short> samples)
    {
        List<byte[]> packets = [];
        _taken += samples.Length;
        while (samples.Length > 0)
        {
            var count = Math.Min(samples.Length, _frame.Length - _filled);
            samples[..count].CopyTo(_frame.AsSpan(_filled));
            samples = samples[count..];
            _filled += count;
            if (_filled == _frame.Length)
            {
                packets.Add(Encode());
            }
        }

        return packets;
    }

    private byte[] Encode()
    {
        if (_bitRate is var wanted && wanted != _applied)
        {
            _encoder.SetBitRate(wanted);
            _applied = wanted;
        }

        Span<byte> packet = stackalloc byte[MostPacketBytes];
        var length = _encoder.EncodeFrame(_frame, packet);
        _packed += _frame.Length;
        _filled = 0;
        return packet[..length].ToArray();
    }
}
