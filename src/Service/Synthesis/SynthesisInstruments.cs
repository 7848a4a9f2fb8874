using System.Diagnostics.Metrics;
using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Metrics;
using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>All meters of speaking.</summary>
public sealed class SynthesisInstruments
{
    public const string MeterName = "CosyOrleans.Synthesis";

    private readonly Counter<long> _speeches;
    private readonly Counter<double> _sound;
    private readonly Histogram<double> _queueTime;
    private readonly Histogram<double> _firstSound;
    private readonly Histogram<double> _total;
    private readonly Histogram<double> _underrun;
    private readonly Counter<long> _checks;

    /// <param name="device">Told apart by a label; null where there is only one.</param>
    public SynthesisInstruments(IMeterFactory meters, SpeechQueue queue, LocalModel model, string? device = null)
    {
        var meter = meters.Create(new MeterOptions(MeterName)
        {
            Tags = device is null ? null : [new KeyValuePair<string, object?>("device", device)],
        });
        _speeches = meter.CreateCounter<long>("cosy.speech.requests", "{request}", "Requests to speak, by how they ended.");
        _sound = meter.CreateCounter<double>("cosy.speech.sound", "s", "Sound generated.");
        _queueTime = meter.CreateHistogram("cosy.speech.queue.time", "s", "Waiting for a place.", advice: SecondsBuckets.Advice);
        _firstSound = meter.CreateHistogram("cosy.speech.first_sound.time", "s", "From the request to its first sound.", advice: SecondsBuckets.Advice);
        _total = meter.CreateHistogram("cosy.speech.time", "s", "From the request to its last sound.", advice: SecondsBuckets.Advice);
        _underrun = meter.CreateHistogram(
            "cosy.speech.underrun", "s", "The longest gap for somebody who plays a stream from its first sample on.", advice: SecondsBuckets.Advice);
        _checks = meter.CreateCounter<long>(
            "cosy.speech.segments", "{segment}", "Segments spoken, by what the check of speech found: ok, mended by a second try, or the fault.");
        meter.CreateObservableGauge("cosy.speech.running", () => queue.Running, "{speech}", "Speeches being generated.");
        meter.CreateObservableGauge("cosy.speech.queued", () => queue.Queued, "{speech}", "Speeches waiting for a place.");
        meter.CreateObservableGauge(
            "cosy.speech.capacity", () => queue.Capacity, "1", "Seconds of sound per second with every place taken, as measured.");
        meter.CreateObservableGauge("cosy.model.ready", () => model.State == NodeState.Ready ? 1 : 0, "1", "Whether the model has spoken.");
    }

    internal void Waited(double seconds) => _queueTime.Record(seconds);

    internal void Produced(double seconds) => _sound.Add(seconds);

    internal void FirstSound(double seconds, bool streaming) => _firstSound.Record(seconds, Stream(streaming));

    internal void Underrun(double seconds) => _underrun.Record(seconds);

    internal void Checked(SegmentReport segment) => _checks.Add(1, new KeyValuePair<string, object?>("result", segment switch
    {
        { Fault: not SpeechFault.None } => segment.Fault.HasFlag(SpeechFault.Repeating) ? "repeating"
            : segment.Fault.HasFlag(SpeechFault.TooShort) ? "too_short" : "too_long",
        { IsSecondTry: true } => "mended",
        _ => "ok",
    }));

    internal void Finished(string outcome, double seconds, bool streaming)
    {
        _speeches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        if (outcome == "ok")
        {
            _total.Record(seconds, Stream(streaming));
        }
    }

    private static KeyValuePair<string, object?> Stream(bool streaming) => new("stream", streaming ? "true" : "false");
}
