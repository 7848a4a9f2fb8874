using CosyVoice.Models;

namespace CosyVoice.Tests.Models;

public sealed class FlowConfigTests
{
    private static readonly FlowConfig FullSize = new()
    {
        InputSize = 512,
        VocabSize = 6561,
        Encoder = new() { OutputSize = 512, AttentionHeads = 8, LinearUnits = 2048, Blocks = 6 },
        Estimator = new() { Channels = [256], AttentionHeadDim = 64, Heads = 8, Blocks = 4, MidBlocks = 12 },
    };

    private static readonly FlowConfig Third = new()
    {
        InputSize = 80, VocabSize = 6561, LookaheadChannels = 1024, Transformer = new() { Width = 1024, Depth = 22, Heads = 16, HeadSize = 64, Widening = 2 },
    };

    [Fact]
    public void Validate_FullSize_Passes() => FullSize.Validate();

    [Fact]
    public void Validate_SeveralWrong_NamesAll()
    {
        var wrong = FullSize with
        {
            Steps = 0,
            Encoder = FullSize.Encoder! with { AttentionHeads = 7 },
            Estimator = FullSize.Estimator! with { Channels = [256, 512], LeftChunks = 2, InChannels = 240 },
        };
        var message = Assert.Throws<ArgumentException>(wrong.Validate).Message;
        foreach (var part in (string[])["0 solver steps", "attention_heads 7", "channels [256, 512]", "num_decoding_left_chunks 2", "in_channels 240"])
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_FullSizeOfCosyVoice3_Passes() => Third.Validate();

    [Fact]
    public void Validate_WrongTransformer_NamesAll()
    {
        var wrong = Third with
        {
            InputSize = 512,
            LookaheadChannels = 0,
            Transformer = Third.Transformer! with { Width = 1000, HeadSize = 63, StaticChunkSize = 51, LeftChunks = 1 },
        };
        var message = Assert.Throws<ArgumentException>(wrong.Validate).Message;
        foreach (var part in (string[])["input_size 512", "channels 0", "dim 1000", "dim_head 63", "static_chunk_size 51", "num_decoding_left_chunks 1"])
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }

        Assert.Contains("either an encoder", Assert.Throws<ArgumentException>((FullSize with { Transformer = Third.Transformer }).Validate).Message);
    }
}
