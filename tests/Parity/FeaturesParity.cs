using CosyVoice.Audio;
using CosyVoice.Kernels;

namespace CosyVoice.Parity;

/// <summary>features: reading and resampling of recordings, filter banks, and what each network hears of them.</summary>
internal static class FeaturesParity
{
    public static void Run(Fixture fixture, ParityReport report)
    {
        Filters(fixture, report);
        foreach (var one in fixture.Cases())
        {
            try
            {
                Run(fixture, one, report);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                report.Error(one.Name, error);
            }
        }
    }

    private static void Run(Fixture fixture, FixtureCase one, ParityReport report)
    {
        switch (one.Name)
        {
            case "resample":
                Resample(one, report);
                break;
            case "short_synthetic":
                var samples = one.Floats("in.wav");
                Compare(one, "whisper", Turned(WhisperMel.Compute(samples)), report);
                Compare(one, "fbank", Whole(KaldiFbank.Compute(samples)), report);
                Compare(one, "mel24k", Turned(FlowMel.CosyVoice2.Compute(samples)), report);
                break;
            case "whisper_logmel":
                Compare(one, "log_mel", Turned(WhisperMel.Compute(Wav24AtLowerRate(fixture))), report);
                break;
            case "kaldi_fbank":
                var features = KaldiFbank.Compute(Wav24AtLowerRate(fixture));
                Compare(one, "fbank_raw", features.Span.ToArray(), report);
                KaldiFbank.SubtractMean(features);
                Compare(one, "fbank_mean_sub", Whole(features), report);
                break;
            case "matcha_mel24k":
                Compare(one, "speech_feat", Whole(FlowMel.CosyVoice2.Compute(Read(fixture, "wav_24k.wav").Samples)), report);
                break;
            case "matcha_mel24k_v3_fmax_null":
                Compare(one, "speech_feat", Whole(FlowMel.CosyVoice3.Compute(Read(fixture, "wav_24k.wav").Samples)), report);
                break;
            default:
                Load(fixture, one, report);
                break;
        }
    }

    private static void Load(Fixture fixture, FixtureCase one, ParityReport report)
    {
        var recording = Read(fixture, one.Params.GetProperty("file").GetString()!);
        report.CompareExact<int>(
            one.Name, "rate, channels", [recording.SampleRate, recording.Channels],
            [(int)one.Number("native_rate", 0), (int)one.Number("channels", 0)]);
        foreach (var rate in new[] { 16_000, 24_000 }.Where(rate => one.Has($"out.wav_{rate / 1000}k")))
        {
            Compare(one, $"wav_{rate / 1000}k", new Resampler(recording.SampleRate, rate).Resample(recording.Samples), report);
        }
    }

    private static void Resample(FixtureCase one, ParityReport report)
    {
        var samples = one.Floats("in.wav");
        foreach (var name in one.Names.Where(name => name.StartsWith("out.r", StringComparison.Ordinal)))
        {
            int[] rates = [.. name["out.r".Length..].Split("_to_").Select(int.Parse)];
            Compare(one, name["out.".Length..], new Resampler(rates[0], rates[1]).Resample(samples), report);
        }
    }

    private static void Filters(Fixture fixture, ParityReport report)
    {
        using var stored = fixture.Open("filters.safetensors");
        foreach (var (name, filters) in new[]
                 {
                     ("whisper_mel_128x201", WhisperMel.Filters), ("matcha_mel_80x961", FlowMel.CosyVoice2.Filters),
                     ("matcha_mel_v3_80x961", FlowMel.CosyVoice3.Filters), ("kaldi_mel_80x257", KaldiFbank.Filters),
                 })
        {
            var expected = new float[filters.Count * filters.Bins];
            var (places, values) = (stored.Tensors[$"{name}.nz_index"].ToInts(), stored.Tensors[$"{name}.nz_value"].ToFloats());
            for (var i = 0; i < places.Length; i++)
            {
                expected[places[i]] = values[i];
            }

            report.Compare("filters", name, filters.ToMatrix(), expected, 1e-5, 1e-4);
        }

        float[] window = [.. KaldiFbank.Window.Select(value => (float)value)];
        report.Compare("filters", "kaldi_povey_window_400", window, stored.Tensors["kaldi_povey_window_400"].ToFloats(), 1e-6, 0);
    }

    private static Recording Read(Fixture fixture, string name) => WavReader.Read(File.ReadAllBytes(fixture.File(name)));

    private static float[] Wav24AtLowerRate(Fixture fixture)
    {
        var recording = Read(fixture, "wav_24k.wav");
        return new Resampler(recording.SampleRate, WhisperMel.SampleRate).Resample(recording.Samples);
    }

    private static void Compare(FixtureCase one, string name, float[] got, ParityReport report) =>
        report.Compare(one.Name, name, got, one.Floats($"out.{name}"), one.AbsoluteTolerance, one.RelativeTolerance);

    private static float[] Whole(Tensor tensor)
    {
        using (tensor)
        {
            return tensor.Span.ToArray();
        }
    }

    /// <summary>[time, channels] as the fixtures have it, [channels, time].</summary>
    private static float[] Turned(Tensor tensor)
    {
        using (tensor)
        {
            return Layout.Transpose(tensor.Span, tensor.Rows, tensor.Columns);
        }
    }
}
