using System.Diagnostics.Metrics;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Metrics;

/// <summary>Meters of speech as its listeners get it, whoever makes it: the last stage, after queue and model.</summary>
public sealed class StreamInstruments
{
    private readonly Histogram<double> _firstPacket;
    private readonly Histogram<double> _lastPacket;
    private readonly Histogram<double> _underrun;
    private readonly Counter<long> _streams;

    public StreamInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(SynthesisInstruments.MeterName);
        _firstPacket = meter.CreateHistogram(
            "cosy.stream.first_packet.time", "s", "From the request to its first packet, before it is encoded.", advice: SecondsBuckets.Advice);
        _lastPacket = meter.CreateHistogram("cosy.stream.last_packet.time", "s", "From the request to its last packet.", advice: SecondsBuckets.Advice);
        _underrun = meter.CreateHistogram(
            "cosy.stream.underrun", "s", "The worst silence for somebody who plays from the first packet on, in one stream.", advice: SecondsBuckets.Advice);
        _streams = meter.CreateCounter<long>("cosy.stream.ends", "{stream}", "Streams by how they ended: ok, left by the listener, refused, failed.");
    }

    internal void First(double seconds, bool streaming) => _firstPacket.Record(seconds, Stream(streaming));

    internal void Last(double seconds, double? underrun, bool streaming)
    {
        _lastPacket.Record(seconds, Stream(streaming));
        if (underrun is { } worst)
        {
            _underrun.Record(worst);
        }
    }

    internal void Ended(string outcome) => _streams.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private static KeyValuePair<string, object?> Stream(bool streaming) => new("stream", streaming ? "true" : "false");
}
