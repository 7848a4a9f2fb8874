using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Ports;

public sealed class LocalSynthesisPortTests : SynthesisPortTests
{
    protected override async Task<SpeakingBench> StartAsync(SynthesisOptions options)
    {
        var service = await TestService.StartAsync(options);
        return new SpeakingBench(service.Synthesis, service.Nodes, [service.Model], service.DisposeAsync);
    }
}
