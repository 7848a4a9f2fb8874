using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Formats;

/// <summary>Writes sound in every format; of those that ffmpeg writes, so many at a time. One for a process.</summary>
public sealed class AudioEncoders
{
    private readonly FormatOptions _options;
    private readonly FfmpegProgram _ffmpeg;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _places;

    /// <param name="path">Folders to look for ffmpeg in, as in PATH, whose own are taken when null.</param>
    public AudioEncoders(FormatOptions options, TimeProvider time, string? path = null)
    {
        (_options, _time) = (options, time);
        _ffmpeg = new FfmpegProgram(path ?? Environment.GetEnvironmentVariable("PATH") ?? "");
        _places = new SemaphoreSlim(options.MaxEncoders);
    }

    /// <summary>Encodings that could begin now.</summary>
    internal int FreePlaces => _places.CurrentCount;

    /// <summary>Why a format cannot be had on this machine; null where it can.</summary>
    public async ValueTask<Violation?> WhyNotAsync(AudioFormat format)
    {
        try
        {
            return await CheckAsync(format);
        }
        catch (SpeechException unusable)
        {
            return FormatErrors.Unusable(format, unusable.Message);
        }
    }

    /// <summary>
    /// Takes a place. To be done before the speech is begun, so that nothing is spoken that cannot be written; disposing
    /// the result frees the place.
    /// </summary>
    /// <exception cref="SpeechException">The format or its rate cannot be had, all places are taken, or ffmpeg does not answer.</exception>
    public async ValueTask<AudioEncoder> OpenAsync(AudioOutput output)
    {
        if ((AudioOutput.CheckRate(output.Format, output.SampleRate) ?? await CheckAsync(output.Format)) is { } problem)
        {
            throw SpeechException.Invalid([problem]);
        }

        if (output.Format.IsNative())
        {
            return new AudioEncoder(output, Native, () => { });
        }

        return _places.Wait(0) ? new AudioEncoder(output, ByProgram, () => _places.Release()) : throw FormatErrors.Busy(_options.MaxEncoders);
    }

    /// <summary>Has the program write a file of samples; how, its arguments say.</summary>
    /// <param name="codec">What it must be able to write.</param>
    /// <exception cref="SpeechException">It cannot, all places are taken, or it failed.</exception>
    internal async Task WriteFileAsync(
        AudioFormat codec, IEnumerable<string> arguments, IAsyncEnumerable<ReadOnlyMemory<short>> samples, CancellationToken cancellationToken)
    {
        if (await CheckAsync(codec) is { } problem)
        {
            throw SpeechException.Invalid([problem]);
        }

        if (!_places.Wait(0, CancellationToken.None))
        {
            throw FormatErrors.Busy(_options.MaxEncoders);
        }

        try
        {
            var file = _ffmpeg.Find() ?? throw SpeechException.Invalid([FormatErrors.NotInstalled(codec)]);
            // At its end it writes the index of hours of sound.
            var stall = TimeSpan.FromSeconds(Math.Max(_options.StallSeconds, 60));
            await foreach (var _ in new FfmpegEncoding(file, arguments, stall, _time).EncodeAsync(samples, cancellationToken))
            {
                // It goes into the file.
            }
        }
        finally
        {
            _places.Release();
        }
    }

    /// <exception cref="SpeechException">ffmpeg does not answer, which may be different another time.</exception>
    private async ValueTask<Violation?> CheckAsync(AudioFormat format)
    {
        if (format.IsNative())
        {
            return null;
        }

        if (_ffmpeg.Find() is not { } file)
        {
            return FormatErrors.NotInstalled(format);
        }

        var encoder = FfmpegArguments.EncoderOf(format);
        return (await _ffmpeg.EncodersAsync(file)).Contains(encoder) ? null : FormatErrors.WithoutEncoder(format, encoder);
    }

    private static ISoundEncoding Native(AudioFormat format, int sampleRate, bool whole) => format switch
    {
        AudioFormat.Ulaw => new TelephoneEncoding(G711Law.Mu),
        AudioFormat.Alaw => new TelephoneEncoding(G711Law.A),
        _ => new PlainEncoding(format == AudioFormat.Wav, sampleRate, whole),
    };

    private ISoundEncoding ByProgram(AudioFormat format, int sampleRate, bool whole)
    {
        var file = _ffmpeg.Find() ?? throw SpeechException.Invalid([FormatErrors.NotInstalled(format)]);
        var stream = new FfmpegEncoding(file, FfmpegArguments.For(format, sampleRate, whole), TimeSpan.FromSeconds(_options.StallSeconds), _time);
        return whole && format == AudioFormat.Flac ? new FlacEncoding(stream) : stream;
    }
}
