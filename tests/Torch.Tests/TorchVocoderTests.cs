using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Parity;
using CosyVoice.State;
using TorchSharp;
using Tensor = CosyVoice.Kernels.Tensor;

namespace CosyVoice.Torch.Tests;

public sealed class SecondTorchVocoderTests() : TorchVocoderTests("hift_v2");

public sealed class ThirdTorchVocoderTests() : TorchVocoderTests("hift_v3");

public abstract class TorchVocoderTests : IDisposable
{
    private readonly TorchBackend _backend = TestDevice.Backend();
    private readonly HiftConfig _config;
    private readonly IVocoder _vocoder;
    private readonly string _folder;

    protected TorchVocoderTests(string folder)
    {
        _folder = folder;
        var fixture = TestDevice.Fixture(folder);
        _config = HiftParity.ReadConfig(fixture.Config);
        using var weights = fixture.Open("weights.safetensors");
        _vocoder = _backend.LoadVocoder(weights, _config);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(129)]
    public void Excitation_AnyCut_SettledSamplesAreThoseOfTheWhole(int pieceFrames)
    {
        using var mel = Mel(300);
        var whole = Excitation(mel);
        using var excitation = _vocoder.BeginExcitation(HashNoise.Fill);
        var (hop, settled) = (_vocoder.HopLength, 0);
        for (var start = 0; start < mel.Rows; start += pieceFrames)
        {
            var end = Math.Min(start + pieceFrames, mel.Rows);
            using var piece = Slice(mel, start, end);
            var appended = excitation.Append(piece, last: end == mel.Rows);
            Assert.Equal(
                whole.AsSpan(settled * hop, appended.SettledFrames * hop), appended.Samples.AsSpan(0, appended.SettledFrames * hop));
            settled += appended.SettledFrames;
        }

        Assert.Equal(mel.Rows, settled);
    }

    [Fact]
    public void Pitch_OfTheProcessor_IsTheSame()
    {
        using var workers = new ProcessorBackend(1);
        using var weights = TestDevice.Fixture(_folder).Open("weights.safetensors");
        using var vocoder = workers.LoadVocoder(weights, _config);
        using var mel = Mel(200);
        using var expected = vocoder.BeginExcitation(HashNoise.Fill);
        Assert.Equal(expected.Append(mel, last: true).Samples, Excitation(mel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(60)]
    [InlineData(140)]
    public void Restore_AfterAnyPiece_GivesTheRestAsIfNothingHadHappened(int cut)
    {
        using var mel = Mel(150);
        using var stream = new VocoderStream(_vocoder, HashNoise.Fill);
        Append(stream, mel, 0, cut);
        var state = new StateWriter();
        stream.Save(state);
        var expected = Append(stream, mel, cut, 150);

        using var other = new VocoderStream(_vocoder, HashNoise.Fill);
        var reader = new StateReader(state.Bytes);
        other.Restore(reader);
        reader.End();
        Assert.Equal(expected, Append(other, mel, cut, 150));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(8, 33, 120)]
    [InlineData(50, 150)]
    public void Append_AnyCuts_SoundsLikeTheWhole(params int[] ends)
    {
        using var mel = Mel(ends[^1]);
        using var stream = new VocoderStream(_vocoder, HashNoise.Fill);
        var samples = new List<float>();
        for (var i = 0; i < ends.Length; i++)
        {
            samples.AddRange(Append(stream, mel, i == 0 ? 0 : ends[i - 1], ends[i], ends[^1]));
        }

        // Of CosyVoice 3, whose reach is all that there is, only rounding differs; CosyVoice 2's is what hardly counts.
        var whole = _vocoder.Synthesize(mel, HashNoise.Fill);
        Assert.InRange(Decibels(whole, [.. samples]), _vocoder.Reach.IsAll ? 90 : 30, double.PositiveInfinity);
    }

    [Fact]
    public void Decode_WhateverRanBefore_SameBits()
    {
        using var mel = Mel(70);
        using var other = Mel(33);
        var first = _vocoder.Synthesize(mel, HashNoise.Fill);
        _vocoder.Synthesize(other, HashNoise.Fill);
        Assert.Equal(first, _vocoder.Synthesize(mel, HashNoise.Fill));
    }

    [Fact]
    public void Synthesize_OnceMore_LeavesNoTensorBehind()
    {
        using var mel = Mel(12);
        _vocoder.Synthesize(mel, HashNoise.Fill);
        var before = torch.Tensor.TotalCount;
        _vocoder.Synthesize(mel, HashNoise.Fill);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Decode_WrongExcitation_NamesBoth()
    {
        using var mel = Mel(2);
        var error = Assert.Throws<ArgumentException>(() => _vocoder.Decode(mel, new float[7]));
        Assert.Contains("7 samples of excitation do not match 2 mel frames", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _vocoder.Dispose();
        _backend.Dispose();
        GC.SuppressFinalize(this);
    }

    private static float[] Append(VocoderStream stream, Tensor mel, int start, int end, int last = 150)
    {
        using var piece = Slice(mel, start, end);
        return stream.Append(piece, last: end == last);
    }

    private static Tensor Slice(Tensor mel, int start, int end) => Tensor.From(mel.RowRange(start, end - start), end - start, mel.Columns);

    private static double Decibels(float[] expected, float[] got)
    {
        Assert.Equal(expected.Length, got.Length);
        var signal = expected.Sum(value => (double)value * value);
        return 10 * Math.Log10(signal / expected.Zip(got, (a, b) => ((double)a - b) * ((double)a - b)).Sum());
    }

    /// <summary>A mel like that of slowly changing vowels, [frames, bins].</summary>
    private Tensor Mel(int frames)
    {
        var mel = new Tensor(frames, _config.InChannels);
        for (var frame = 0; frame < frames; frame++)
        {
            for (var bin = 0; bin < mel.Columns; bin++)
            {
                var formants = MathF.Sin((bin * 0.25f) + (frame * 0.07f)) + (0.5f * MathF.Cos((bin * 0.9f) - (frame * 0.03f)));
                mel.Row(frame)[bin] = -2 - (bin * 0.06f) + formants;
            }
        }

        return mel;
    }

    private float[] Excitation(Tensor mel)
    {
        using var excitation = _vocoder.BeginExcitation(HashNoise.Fill);
        return excitation.Append(mel, last: true).Samples;
    }
}
