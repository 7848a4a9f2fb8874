namespace CosyOrleans.Client;

/// <summary>Gives every stage of one request its own time limit.</summary>
internal sealed class StageClock : IDisposable
{
    private static readonly HttpRequestOptionsKey<StageClock> Key = new("cosy.clock");

    private readonly SpeechClientOptions _options;
    private readonly CancellationTokenSource _overrun;
    private readonly CancellationTokenSource _stop;

    public StageClock(SpeechClientOptions options, CancellationToken cancellationToken)
    {
        _options = options;
        _overrun = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_overrun.Token, cancellationToken);
        Enter(SpeechStage.FirstPacket);
    }

    public SpeechStage Stage { get; private set; }

    /// <summary>Cancelled with the request, and when a stage takes too long.</summary>
    public CancellationToken Token => _stop.Token;

    public bool IsOverrun => _overrun.IsCancellationRequested;

    public static StageClock? Of(HttpRequestMessage request) => request.Options.TryGetValue(Key, out var clock) ? clock : null;

    public void Attach(HttpRequestMessage request) => request.Options.Set(Key, this);

    /// <summary>A stage begins, and with it its time.</summary>
    public void Enter(SpeechStage stage)
    {
        lock (_overrun)
        {
            Stage = stage;
            _overrun.CancelAfter(_options.LimitOf(stage));
        }
    }

    /// <summary>What comes next is not for the server to do.</summary>
    public void Rest()
    {
        lock (_overrun)
        {
            _overrun.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public SpeechClientException TooSlow(Uri server) => SpeechClientException.TooSlow(server, Stage, _options.LimitOf(Stage));

    public void Dispose()
    {
        Rest();
        _stop.Dispose();
    }
}
