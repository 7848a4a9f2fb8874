using CosyVoice.Engine;
using CosyVoice.Parity;
using CosyVoice.Torch.Vocoder;
using CosyVoice.Weights;
using TorchSharp;
using HostTensor = CosyVoice.Kernels.Tensor;

namespace CosyVoice.Torch.Tests;

/// <summary>Several passages in one call of the vocoder.</summary>
public sealed class VocoderBatchTests : IDisposable
{
    private const int Width = 3;

    private readonly TorchBackend _backend = TestDevice.Backend();
    private readonly List<HostTensor> _mels = [];

    [Theory]
    [InlineData("hift_v2", 1)]
    [InlineData("hift_v2", 66)]
    [InlineData("hift_v3", 45)]
    [InlineData("hift_v3", 137)]
    public void Decode_InCompany_SameBitsAsAlone(string folder, int frames)
    {
        using var vocoder = Load(folder, Width);
        VocoderPassage[] passages = [.. Enumerable.Range(1, Width).Select(kind => Passage(vocoder, frames, kind))];
        float[][] alone = [.. passages.Select(passage => vocoder.Decode(passage.Mel, passage.Excitation.Span))];
        Assert.NotEqual(alone[0], alone[1]);
        Assert.Equal(alone, vocoder.Decode(passages));
        Assert.Equal([alone[2], alone[0]], vocoder.Decode([passages[2], passages[0]]));
    }

    [Theory]
    [InlineData("hift_v2")]
    [InlineData("hift_v3")]
    public void Decode_OfAnotherWidth_IsTheSameUpToRounding(string folder)
    {
        using var wide = Load(folder, Width);
        using var narrow = Load(folder, 1);
        var passage = Passage(narrow, 50, 1);
        var (expected, got) = (narrow.Decode([passage])[0], wide.Decode([passage])[0]);
        var noise = expected.Zip(got, (a, b) => ((double)a - b) * ((double)a - b)).Sum();
        Assert.InRange(10 * Math.Log10(expected.Sum(sample => (double)sample * sample) / noise), 80, double.PositiveInfinity);
    }

    [Fact]
    public void Decode_LongPassages_OneAtATime()
    {
        using var vocoder = Load("hift_v3", Width);
        Assert.Equal((Width, 1), (vocoder.BatchSizeOf(160), vocoder.BatchSizeOf(161)));
        using var narrow = Load("hift_v3", 1);
        var passage = Passage(vocoder, 161, 1);
        Assert.Equal(narrow.Decode([passage]), vocoder.Decode([passage]));
    }

    [Fact]
    public void Decode_TooManyOrOfOtherLengths_IsRefused()
    {
        using var vocoder = Load("hift_v3", 2);
        var (shorter, longer) = (Passage(vocoder, 3, 1), Passage(vocoder, 4, 1));
        var tooMany = Assert.Throws<ArgumentException>(() => vocoder.Decode([shorter, shorter, shorter]));
        Assert.Contains("3 passages in one call; this vocoder takes 1 to 2", tooMany.Message, StringComparison.Ordinal);
        var others = Assert.Throws<ArgumentException>(() => vocoder.Decode([shorter, longer]));
        Assert.Contains("Passages of 4 and 3 frames", others.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_OnceMore_LeavesNoTensorBehind()
    {
        using var vocoder = Load("hift_v2", Width);
        var passage = Passage(vocoder, 12, 1);
        vocoder.Decode([passage, passage]);
        var before = torch.Tensor.TotalCount;
        vocoder.Decode([passage, passage]);
        vocoder.Decode([Passage(vocoder, 13, 1)]); // Of a new length.
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Theory]
    [InlineData(0, Width)]
    [InlineData(1e-6, 1)]
    public void Of_DecodingThatDependsOnTheRow_IsOne(double difference, int expected)
    {
        var config = HiftParity.ReadConfig(TestDevice.Fixture("hift_v3").Config);
        var rows = new PassageRows(Decode, config, torch.CPU, Width);
        Assert.Equal((Width, expected), (rows.Most(20), rows.Of(20)));

        torch.Tensor[] Decode(torch.Tensor mel, torch.Tensor excitation) =>
            [mel, excitation.add(torch.arange(Width).view(Width, 1, 1).mul(difference))];
    }

    public void Dispose()
    {
        _mels.ForEach(mel => mel.Dispose());
        _backend.Dispose();
    }

    private IVocoder Load(string folder, int width)
    {
        var fixture = TestDevice.Fixture(folder);
        using var weights = fixture.Open("weights.safetensors");
        var config = HiftParity.ReadConfig(fixture.Config);
        return WeightScope.ReadAll(weights, w => _backend.Fill(
            exact: true, store => new TorchVocoder(store, w, config, TestDevice.Options() with { ChunkRows = width })));
    }

    private VocoderPassage Passage(IVocoder vocoder, int frames, int kind)
    {
        var mel = new HostTensor(frames, 80);
        _mels.Add(mel);
        for (var i = 0; i < mel.Span.Length; i++)
        {
            mel.Span[i] = -4 + (2 * MathF.Sin(i * 0.31f * kind));
        }

        return new(mel, Enumerable.Range(0, frames * vocoder.HopLength).Select(i => 0.1f * MathF.Sin(i * 0.05f * kind)).ToArray());
    }
}
