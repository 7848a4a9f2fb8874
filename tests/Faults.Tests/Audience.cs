using System.Globalization;
using System.Net;

namespace CosyOrleans.Faults.Tests;

/// <summary>Twelve who listen at the same time (twenty-four when only faults are tested), each to the same speech every time.</summary>
internal static class Audience
{
    public static readonly int Size = Rounds.IsThorough ? 24 : 12;

    private static readonly string[] Voices = ["amy", "ben", "dan", "eve"];

    /// <summary>All listen to the end; the fault comes when half of them have heard something.</summary>
    /// <param name="round">A name of its own for <see cref="Cut"/>.</param>
    public static async Task<Listener[]> ListenAsync(FaultCluster cluster, string round, Func<Task> fault)
    {
        Listener[] listeners = [.. Enumerable.Range(0, Size).Select(i => new Listener(cluster.Client, Asked(i, Task(round, i))))];
        await Listener.ListenAllAsync(listeners, fault);
        return listeners;
    }

    public static Task<Listener[]> ListenAsync(FaultCluster cluster, string round) =>
        ListenAsync(cluster, round, () => System.Threading.Tasks.Task.CompletedTask);

    /// <summary>How many heard one silo begin and another go on.</summary>
    public static int Cut(FaultCluster cluster, string round) => Enumerable.Range(0, Size).Count(i => cluster.WentOnInTheMiddle(Task(round, i)));

    public static void AssertSame(Listener[] undisturbed, Listener[] disturbed)
    {
        for (var i = 0; i < Size; i++)
        {
            Assert.Equal(undisturbed[i].Heard.Length, disturbed[i].Heard.Length);
            Assert.True(undisturbed[i].Heard.AsSpan().SequenceEqual(disturbed[i].Heard), $"listener {i} heard something else");
        }
    }

    /// <summary>All of them ask for speech after speech until something has been done.</summary>
    public static async Task SpeakOnWhileAsync(FaultCluster cluster, Func<Task> meanwhile)
    {
        using var enough = new CancellationTokenSource();
        var speaking = Enumerable.Range(0, Size).Select(i => SpeakOnAsync(cluster, i, enough.Token)).ToArray();
        try
        {
            await meanwhile();
        }
        finally
        {
            await enough.CancelAsync();
        }

        await System.Threading.Tasks.Task.WhenAll(speaking);
    }

    private static async Task SpeakOnAsync(FaultCluster cluster, int i, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using var answer = await cluster.Client.PostAsJsonAsync("/tts", Asked(i, Guid.NewGuid().ToString("n")), CancellationToken.None);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
        }
    }

    private static string Task(string round, int i) => $"{round}-{i}";

    private static object Asked(int i, string task) => new { text = Text(i), speaker_id = Voices[i % Voices.Length], seed = 1000 + i, task_id = task };

    private static string Text(int i) => string.Create(
        CultureInfo.InvariantCulture, $"Nothing is lost of what listener {i} is told here. And is anything said twice?");
}
