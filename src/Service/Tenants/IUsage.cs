namespace CosyOrleans.Service.Tenants;

/// <summary>Port: how much is asked for with each key, and whether that is too much. Quick always: speech waits for it.</summary>
public interface IUsage
{
    /// <summary>Counts a request; null where it may go on.</summary>
    ValueTask<UsageRefusal?> TakeRequestAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Counts a speech as under way until <see cref="EndSpeech"/>; null where it may begin. One that is refused is not counted.</summary>
    ValueTask<UsageRefusal?> BeginSpeechAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Whether any sound of the day is left; null where there is. Counts nothing.</summary>
    ValueTask<UsageRefusal?> CheckSoundAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Sound left the server, or became the output of a job.</summary>
    /// <param name="seconds">0 or more.</param>
    void Produced(ApiKey key, double seconds);

    /// <summary>A speech that was begun is over.</summary>
    void EndSpeech(ApiKey key);
}
