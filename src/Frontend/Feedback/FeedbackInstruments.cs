using System.Diagnostics.Metrics;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Feedback;

/// <summary>What listeners think.</summary>
internal sealed class FeedbackInstruments
{
    private readonly Histogram<double> _score;

    public FeedbackInstruments(IMeterFactory meters) => _score = meters.Create(SynthesisInstruments.MeterName).CreateHistogram(
        "cosy.feedback.score",
        "1",
        "How good listeners found a speech, from 1 to 5.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 3, 4, 5] });

    public void Scored(long score) => _score.Record(score);
}
