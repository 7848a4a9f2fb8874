namespace CosyOrleans.Grains.Tests;

/// <summary>Waits for what happens by itself, and no longer than it may take on a busy machine.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task Async(Func<bool> condition, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var begin = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Patience)
            {
                throw new TimeoutException($"It did not become true that {what}.");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
