using CosyOrleans.Service.Admission;

namespace CosyOrleans.Service.Tests.Admission;

public sealed class SpeechPricingTests
{
    [Fact]
    public void Predict_NothingHeard_AssumesFiveTokensPerSecond() =>
        Assert.Equal(2, new SpeechPricing().Predict(textTokens: 10, speed: 1), tolerance: 1e-12);

    [Fact]
    public void Predict_AfterSpeeches_FollowsThem()
    {
        var pricing = new SpeechPricing();

        pricing.Observe(textTokens: 10, speed: 1, seconds: 5);

        Assert.Equal(10, pricing.Predict(textTokens: 20, speed: 1));
        Assert.Equal(5, pricing.Predict(textTokens: 20, speed: 2));
    }

    [Fact]
    public void Observe_SpokenFast_CountsAsIfSpokenAtSpeedOne()
    {
        var pricing = new SpeechPricing();

        pricing.Observe(textTokens: 10, speed: 2, seconds: 5);

        Assert.Equal(1, pricing.SecondsPerToken);
    }

    [Fact]
    public void Observe_LaterSpeeches_WeighMore()
    {
        var pricing = new SpeechPricing();
        pricing.Observe(10, 1, 10);

        for (var i = 0; i < 50; i++)
        {
            pricing.Observe(10, 1, 2);
        }

        // 0.9 to the power of 50 of the first is left.
        Assert.Equal(0.2, pricing.SecondsPerToken, tolerance: 1e-3);
    }
}
