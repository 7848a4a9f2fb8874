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
}
