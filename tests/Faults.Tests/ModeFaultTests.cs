using System.Globalization;
using System.Runtime.CompilerServices;
using CosyOrleans.Tests;
using CosyVoice.Audio;
using Xunit.Abstractions;

namespace CosyOrleans.Faults.Tests;

/// <summary>Every mode, with recordings in the requests, and silos that are killed in the middle of a sentence.</summary>
public sealed class ModeFaultTests(ITestOutputHelper output)
{
    private const int ListenersOfAMode = 3;
    private const int Silos = 2;
    private const int MostRounds = 10;
    private const int LongSourceSeconds = 15;
    private const string Words = "The river runs past the old mill.";

    private static readonly string[] Modes = ["sft", "zero_shot", "cross_lingual", "instruct", "vc"];

    private static string Fixtures([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../fixtures");

    [PostgresFact]
    public async Task Kill_WhileSpeakingInEveryMode_EveryListenerHearsEverySampleOnce()
    {
        foreach (var model in Rounds.IsThorough ? new[] { "model_v2", "model_v3" } : ["model_v3"])
        {
            await KillAsync(model);
        }
    }

    private async Task KillAsync(string fixture)
    {
        var folder = Path.Combine(Fixtures(), fixture);
        await using var cluster = await FaultCluster.StartAsync(Silos, model: Path.Combine(folder, "model"));
        var undisturbed = await ListenAllAsync(cluster, folder, "undisturbed", Modes, () => Task.CompletedTask);
        var uncut = Modes.ToHashSet();
        for (var round = 0; round < MostRounds && uncut.Count > 0; round++)
        {
            var (name, silo) = ($"round{round}", "");

            var disturbed = await ListenAllAsync(cluster, folder, name, uncut, async () => cluster.Kill(silo = await cluster.BusiestAsync()));

            foreach (var (i, listener) in disturbed)
            {
                Assert.Equal(undisturbed[i].Heard.Length, listener.Heard.Length);
                Assert.True(undisturbed[i].Heard.AsSpan().SequenceEqual(listener.Heard), $"{TaskOf(name, i)} heard something else");
            }

            string[] goneOn = [.. disturbed.Keys.Where(i => cluster.WentOnInTheMiddle(TaskOf(name, i))).Select(Mode)];
            output.WriteLine($"{silo} killed; gone on in the middle: {string.Join(", ", goneOn)}");
            uncut.ExceptWith(goneOn);
            await cluster.WhenReadyAsync();
        }

        Assert.Empty(uncut);
    }

    /// <summary>Listeners of some modes, by number.</summary>
    private static async Task<Dictionary<int, Listener>> ListenAllAsync(
        FaultCluster cluster, string folder, string round, IReadOnlyCollection<string> modes, Func<Task> fault)
    {
        var prompt = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(folder, "prompt.wav")));
        var source = Convert.ToBase64String(LongSource(Path.Combine(folder, "source.wav")));
        var listeners = Enumerable.Range(0, ListenersOfAMode * Modes.Length).Where(i => modes.Contains(Mode(i)))
            .ToDictionary(i => i, i => new Listener(cluster.Client, Asked(i, TaskOf(round, i), prompt, source)));
        await Listener.ListenAllAsync([.. listeners.Values], fault);
        return listeners;
    }

    private static Dictionary<string, object> Asked(int i, string task, string prompt, string source)
    {
        var mode = Mode(i);
        var asked = new Dictionary<string, object> { ["mode"] = mode, ["seed"] = 1000 + i, ["task_id"] = task };
        if (mode != "sft")
        {
            asked["reference_audio"] = prompt;
        }

        if (mode == "zero_shot")
        {
            asked["reference_text"] = Words;
        }

        if (mode == "instruct")
        {
            asked["emotion"] = "sad";
        }

        if (mode == "vc")
        {
            asked["source_audio"] = source;
            asked["speed"] = 0.5;
        }
        else
        {
            asked["text"] = string.Join(' ', Enumerable.Range(1, 2).Select(n => string.Create(
                CultureInfo.InvariantCulture, $"This is sentence {n} for listener {i}, and nothing of it may be lost, whatever happens to whoever speaks.")));
        }

        return asked;
    }

    /// <summary>So long that there is a middle.</summary>
    private static byte[] LongSource(string path)
    {
        var recording = WavReader.Read(File.ReadAllBytes(path));
        var times = (int)(LongSourceSeconds * recording.SampleRate / recording.Samples.Length);
        return WavWriter.Encode([.. Enumerable.Repeat(recording.Samples, times).SelectMany(samples => samples)], recording.SampleRate);
    }

    private static string Mode(int i) => Modes[i % Modes.Length];

    private static string TaskOf(string round, int i) => $"{round}-{i}";
}
