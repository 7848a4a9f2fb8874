using CosyVoice.Enrolment;
using CosyVoice.Enrolment.Onnx;
using CosyVoice.Kernels;

namespace CosyVoice.Parity;

/// <summary>speech_tokenizer_v2, _v3: tokens, and values within the network.</summary>
internal static class SpeechTokenizerParity
{
    /// <summary>A token may differ where the value that it is rounded from lies this close to the edge.</summary>
    private const float SafeMargin = 1e-4f;

    // The manifest's tolerance is that of the tokens; within, float32 in another order of summation is allowed this.
    private const double InnerTolerance = 2e-4;

    public static void Run(Fixture fixture, ParityReport report)
    {
        using var workers = new Workers(Environment.ProcessorCount);
        using var file = new OnnxFile(fixture.File($"{fixture.Name}.onnx"));
        using var tokenizer = new SpeechTokenizer(file, workers);
        foreach (var one in fixture.Cases())
        {
            try
            {
                Run(one, tokenizer, report);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                report.Error(one.Name, error);
            }
        }
    }

    private static void Run(FixtureCase one, SpeechTokenizer tokenizer, ParityReport report)
    {
        var shape = one.Shape("in.feats"); // [1, bins, frames]
        using var mel = Tensor.From(Layout.Transpose(one.Floats("in.feats"), shape[1], shape[2]), shape[2], shape[1]);
        var tokens = tokenizer.Encode(mel, (name, value) =>
        {
            if (one.Has($"out.{name}"))
            {
                var got = name.StartsWith("conv", StringComparison.Ordinal) ? Layout.Transpose(value.Span, value.Rows, value.Columns) : value.Span.ToArray();
                report.Compare(one.Name, name, got, one.Floats($"out.{name}"), InnerTolerance, InnerTolerance);
            }
        });

        var (expected, margins) = (one.Ints("out.indices"), one.Floats("out.rounding_margin"));
        for (var i = 0; i < Math.Min(tokens.Length, expected.Length); i++)
        {
            if (margins[i] < SafeMargin)
            {
                tokens[i] = expected[i];
            }
        }

        report.CompareExact<int>(one.Name, "indices", tokens, expected);
    }
}
