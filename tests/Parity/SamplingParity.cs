using CosyVoice.Engine;
using CosyVoice.Models;

namespace CosyVoice.Parity;

/// <summary>sampling: calls of the sampler alone, with recorded draws.</summary>
internal static class SamplingParity
{
    public static void Run(Fixture fixture, IStageBackend backend, ParityReport report)
    {
        foreach (var one in fixture.Cases())
        {
            foreach (var entry in one.Params.GetProperty("cases").EnumerateArray())
            {
                var index = entry.GetProperty("index").GetInt32();
                var sampler = backend.CreateSampler(new SamplingRules
                {
                    TopP = entry.GetProperty("top_p").GetDouble(),
                    TopK = entry.GetProperty("top_k").GetInt32(),
                    WindowSize = entry.GetProperty("win_size").GetInt32(),
                    TauR = entry.GetProperty("tau_r").GetDouble(),
                });
                var uniforms = one.Floats($"in.{index:00}.uniforms");
                var draw = new TokenDraw(one.Ints($"in.{index:00}.decoded"), i => i < uniforms.Length ? uniforms[i] : 0, Range.All);
                var drawn = sampler.Sample(one.Floats($"in.{index:00}.scores"), draw);
                report.CompareExact<int>(
                    one.Name, $"{index:00}.token, draws", [drawn.Id, drawn.Draws],
                    [.. one.Ints($"out.{index:00}.token"), entry.GetProperty("draws").GetInt32()]);
            }
        }
    }
}
