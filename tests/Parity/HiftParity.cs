using System.Globalization;
using System.Text.Json;
using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;

namespace CosyVoice.Parity;

/// <summary>
/// Folders <c>hift_v2</c> and <c>hift_v3</c>. A case that gives no excitation is run twice: as it is, which judges f0, excitation and wave, and
/// again with the reference's excitation, which judges strictly what lies behind it: the phase of an excitation
/// magnifies the rounding of f0.
/// </summary>
public static class HiftParity
{
    private const double ExcitationTolerance = 2e-3; // fixtures' README, for sine waves and excitation

    public static void Run(Fixture fixture, IStageBackend backend, ParityReport report)
    {
        using var weights = fixture.Open("weights.safetensors");
        using var noise = fixture.Open("noise.safetensors");
        using var vocoder = (ITracedVocoder)backend.LoadVocoder(weights, ReadConfig(fixture.Config));
        var table = noise.Tensors[vocoder.Reach.IsAll ? "sine_waves_uniform_noise" : "randn_noise"].ToFloats();
        foreach (var one in fixture.Cases())
        {
            try
            {
                RunCase(vocoder, one, table, report);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                report.Error(one.Name, error);
            }
        }
    }

    /// <summary>The values of a folder's config.json.</summary>
    public static HiftConfig ReadConfig(JsonElement config) => new()
    {
        InChannels = config.GetProperty("in_channels").GetInt32(),
        BaseChannels = config.GetProperty("base_channels").GetInt32(),
        NbHarmonics = config.GetProperty("nb_harmonics").GetInt32(),
        SamplingRate = config.GetProperty("sampling_rate").GetInt32(),
        NsfAlpha = config.GetProperty("nsf_alpha").GetSingle(),
        NsfSigma = config.GetProperty("nsf_sigma").GetSingle(),
        NsfVoicedThreshold = config.GetProperty("nsf_voiced_threshold").GetSingle(),
        UpsampleRates = Ints(config.GetProperty("upsample_rates")),
        UpsampleKernelSizes = Ints(config.GetProperty("upsample_kernel_sizes")),
        IstftNFft = config.GetProperty("istft_params").GetProperty("n_fft").GetInt32(),
        IstftHopLen = config.GetProperty("istft_params").GetProperty("hop_len").GetInt32(),
        ResblockKernelSizes = Ints(config.GetProperty("resblock_kernel_sizes")),
        ResblockDilationSizes = [.. config.GetProperty("resblock_dilation_sizes").EnumerateArray().Select(Ints)],
        SourceResblockKernelSizes = Ints(config.GetProperty("source_resblock_kernel_sizes")),
        SourceResblockDilationSizes = [.. config.GetProperty("source_resblock_dilation_sizes").EnumerateArray().Select(Ints)],
        LreluSlope = config.GetProperty("lrelu_slope").GetSingle(),
        AudioLimit = config.GetProperty("audio_limit").GetSingle(),
        ConvPreLookRight = config.TryGetProperty("conv_pre_look_right", out var right) ? right.GetInt32() : null,
        F0CondChannels = config.GetProperty("f0_predictor").GetProperty("cond_channels").GetInt32(),
    };

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];

    private static void RunCase(ITracedVocoder vocoder, FixtureCase one, float[] table, ParityReport report)
    {
        var shape = one.Shape("in.mel");
        using var mel = Tensor.From(Layout.Transpose(one.Floats("in.mel"), shape[1], shape[2]), shape[2], shape[1]);
        var source = one.FloatsOrEmpty("in.source");
        if (source.Length == 0)
        {
            using var excitation = vocoder.BeginExcitation(
                (_, noise) => table.AsSpan(0, noise.Length).CopyTo(noise), (name, value) => CompareExcitation(one, name, value, report));
            source = excitation.Append(mel, last: true).Samples;
            one.FloatsOrEmpty("in.cache_source").CopyTo(source, 0);
            var expected = one.Floats("out.source");
            report.Compare(one.Name, "source", source.AsSpan(0, Math.Min(source.Length, expected.Length)), expected, ExcitationTolerance, 0);
            CompareWav(one, "wav", vocoder.Decode(mel, source), report);
            expected.CopyTo(source, 0);
        }

        var wav = vocoder.Decode(mel, source, (name, value) => CompareDecoder(one, name, value, report));
        CompareWav(one, "wav of given source", wav, report);
    }

    /// <summary>While more follows, the reference leaves out the frames that look ahead, and with them excitation and samples.</summary>
    private static void CompareWav(FixtureCase one, string name, float[] wav, ParityReport report)
    {
        var expected = one.Floats("out.wav");
        var isCut = one.Params.TryGetProperty("finalize", out var finalize) && !finalize.GetBoolean();
        report.CompareSnr(one.Name, name, isCut ? wav.AsSpan(0, Math.Min(wav.Length, expected.Length)) : wav, expected, one.WavMinSnrDb);
    }

    private static void CompareExcitation(FixtureCase one, string name, Tensor value, ParityReport report)
    {
        if (name == "f0" && one.Has("out.f0"))
        {
            report.Compare(one.Name, name, value.Span, one.Floats("out.f0"), one.AbsoluteTolerance, one.RelativeTolerance);
        }
        else if (name == "uv" && one.Has("out.uv_per_frame"))
        {
            report.Compare(one.Name, name, value.Span, one.Floats("out.uv_per_frame"), 0, 0);
        }
        else if (name == "sine_waves" && one.Find("out.sine_waves_h") is { } stored)
        {
            // The harmonics, counted from 1, are part of the name: sine_waves_h1_h5_h9.
            int[] harmonics = [.. stored.Split("_h")[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
            float[] got = [.. Enumerable.Range(0, value.Rows).SelectMany(row => harmonics.Select(h => value.Span[(row * value.Columns) + h - 1]))];
            report.Compare(one.Name, stored["out.".Length..], got, one.Floats(stored), ExcitationTolerance, 0);
        }
    }

    private static void CompareDecoder(FixtureCase one, string name, Tensor value, ParityReport report)
    {
        if (name == "s_stft")
        {
            var bins = value.Columns / 2;
            CompareChannels(one, "s_stft_real", value, 0, bins, report);
            CompareChannels(one, "s_stft_imag", value, bins, bins, report);
        }
        else
        {
            CompareChannels(one, $"{name.Replace(".", "", StringComparison.Ordinal)}_out", value, 0, value.Columns, report);
        }
    }

    /// <summary>Compares <paramref name="count"/> channels with a stored tensor [channels, time], or with its head and tail.</summary>
    private static void CompareChannels(FixtureCase one, string name, Tensor value, int firstChannel, int count, ParityReport report)
    {
        foreach (var part in new[] { "", ".head", ".tail" })
        {
            var stored = $"out.{name}{part}";
            if (!one.Has(stored))
            {
                continue;
            }

            var frames = one.Shape(stored)[^1];
            var firstFrame = part == ".tail" ? value.Rows - frames : 0;
            if (frames > value.Rows || (part == "" && frames != value.Rows))
            {
                report.CompareExact<int>(one.Name, $"{name}{part} frames", [value.Rows], [frames]);
                continue;
            }

            var got = Layout.Transpose(value.RowRange(firstFrame, frames), frames, value.Columns)
                .AsSpan(firstChannel * frames, count * frames);
            report.Compare(one.Name, $"{name}{part}", got, one.Floats(stored), one.AbsoluteTolerance, one.RelativeTolerance);
        }
    }
}
