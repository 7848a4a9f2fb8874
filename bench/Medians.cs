using System.Diagnostics;

namespace CosyVoice.Bench;

/// <summary>Repeats a measurement and takes the middle, so that one interruption changes nothing.</summary>
internal static class Medians
{
    private const int Repetitions = 7;

    /// <summary>Median seconds of one call, of calls that together last at least <paramref name="seconds"/> each time.</summary>
    public static double Seconds(Action body, double seconds = 0.05)
    {
        var calls = 1;
        while (Time(body, calls) < seconds) // warms up as well
        {
            calls *= 2;
        }

        var times = new double[Repetitions];
        for (var i = 0; i < Repetitions; i++)
        {
            times[i] = Time(body, calls) / calls;
        }

        Array.Sort(times);
        return times[Repetitions / 2];
    }

    private static double Time(Action body, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            body();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
