using System.Collections.Concurrent;
using System.Threading.Channels;
using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Grains.Workers;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Grains.Tests.Synthesis;

/// <summary>A worker that says what the test lets it say, when it lets it.</summary>
internal sealed class ScriptedWorker : IGpuWorkerGrain
{
    private readonly BlockingCollection<Call> _calls = [];
    private readonly CancellationTokenSource _lost = new();

    public ScriptedWorker(string key, params string[] voices)
    {
        Seat = new Worker(key, this, _lost.Token);
        Report(0, voices: voices);
    }

    public Worker Seat { get; }

    public int Calls { get; private set; }

    /// <summary>As it reports from now on.</summary>
    public string? Fingerprint { get; set; }

    public void Report(double queuedSeconds, int running = 0, params string[] voices) => Seat.Report(new WorkerStatus
    {
        Key = Seat.Key,
        Device = "cpu",
        State = nameof(NodeState.Ready),
        Capacity = 1,
        Slots = 8,
        Running = running,
        QueuedSeconds = queuedSeconds,
        Voices = voices,
        Fingerprint = Fingerprint,
    });

    public void Disconnect() => _lost.Cancel();

    /// <summary>The next call that came, or comes soon.</summary>
    public Call Take() => _calls.TryTake(out var call, TimeSpan.FromSeconds(30)) ? call : throw new TimeoutException($"Nobody called {Seat.Key}.");

    public Task<EnrolAnswer> Enrol(EnrolMessage message, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>What was written, by the name of the text; an empty piece is a flush, and the end is "END".</summary>
    public ConcurrentQueue<(string Id, string Piece)> Written { get; } = [];

    /// <summary>Whether what is written does not arrive.</summary>
    public bool IsDeaf { get; set; }

    public Task<bool> Write(TextMessage message)
    {
        if (IsDeaf)
        {
            throw new TimeoutException("It did not arrive.");
        }

        foreach (var piece in message.IsEnd ? [.. message.Pieces, "END"] : message.Pieces)
        {
            Written.Enqueue((message.TextId, piece));
        }

        return Task.FromResult(true);
    }

    public IAsyncEnumerable<SpeechPart> Speak(SpeakMessage message, CancellationToken cancellationToken)
    {
        var call = new Call(message, cancellationToken);
        Calls++;
        _calls.Add(call, CancellationToken.None);
        return call.Parts.Reader.ReadAllAsync(cancellationToken);
    }

    public sealed record Call(SpeakMessage Message, CancellationToken Cancellation)
    {
        public Channel<SpeechPart> Parts { get; } = Channel.CreateUnbounded<SpeechPart>();

        public void Say(SpeechPart part) => Assert.True(Parts.Writer.TryWrite(part));

        public void Begin(int version = 0) => Say(new SpeechPart { Details = new DetailsMessage("t", "amy", 7, 24000) { VoiceVersion = version } });

        /// <summary>A frame of one sample whose value is its number.</summary>
        public void Frame(int number, bool checkpoint = false) => Say(new SpeechPart
        {
            Frame = new FrameMessage(
                number, number, BitConverter.GetBytes((short)number), [], checkpoint ? new CheckpointMessage(0, number, [number], []) : null),
        });

        public void End() => Say(SpeechPart.End);
    }
}
