using System.Globalization;
using System.Text.Json;
using CosyOrleans.Service.Tests.Formats;
using CosyOrleans.Service.Tests.Webhooks;
using CosyOrleans.Service.Webhooks;
using CosyOrleans.Tests;
using Xunit.Abstractions;

namespace CosyOrleans.Faults.Product;

/// <summary>An EPUB becomes an M4B while the silo that makes it is killed: one file, as without it, and every call once.</summary>
[Collection(nameof(ProductCluster))]
public sealed class BookFaultTests(ProductCluster product, ITestOutputHelper output)
{
    [BookFact]
    public async Task Book_WhoseSiloIsKilledTwice_BecomesTheSameFileAndEveryCallIsMade()
    {
        using var receiver = new Receiver();
        var undisturbed = new BookJob(product.Cluster, "calm", receiver);
        await undisturbed.SubmitAsync();
        await undisturbed.WhenToldAsync();

        var killed = new BookJob(product.Cluster, "killed", receiver);
        await killed.SubmitAsync();
        await killed.WhenDoneAsync(tenths: 4);
        Kill(killed);
        await killed.WhenAssemblingAsync();
        Kill(killed);
        await killed.WhenToldAsync();
        await product.Cluster.WhenReadyAsync();

        foreach (var part in new[] { "", "/srt", "/vtt" })
        {
            Assert.Equal(await undisturbed.AssemblyAsync(part), await killed.AssemblyAsync(part));
        }

        var chapters = await ChaptersAsync(await killed.AssemblyAsync());
        Assert.Equal(["The Sea", "Storm"], chapters);
        AssertCalls(receiver, undisturbed, "calm", isDisturbed: false);
        AssertCalls(receiver, killed, "killed", isDisturbed: true);
        Assert.All(receiver.Calls, call => Assert.Equal(WebhookSignature.Of(BookJob.Secret, call.Timestamp, call.Body), call.Signature));
    }

    private void Kill(BookJob job)
    {
        output.WriteLine($"{job.Holder} is killed");
        product.Cluster.Kill(job.Holder);
    }

    /// <summary>Each call is made; again only with the same id, and only what a kill can have left in doubt.</summary>
    private void AssertCalls(Receiver receiver, BookJob job, string id, bool isDisturbed)
    {
        var calls = receiver.Calls.Where(call => call.Id.StartsWith($"{id}/", StringComparison.Ordinal)).Select(call => call.Id).ToList();
        var distinct = calls.Distinct().ToList();
        Assert.Equal(job.ItemCalls, distinct.Where(call => call.StartsWith($"{id}/item/", StringComparison.Ordinal)));
        Assert.Single(distinct, call => call.StartsWith($"{id}/job/", StringComparison.Ordinal));
        Assert.StartsWith($"{id}/job/", distinct[^1], StringComparison.Ordinal);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id}: {calls.Count} calls, {calls.Count - distinct.Count} of them again"));
        Assert.InRange(calls.Count - distinct.Count, 0, isDisturbed ? 2 : 0);
    }

    private static async Task<string[]> ChaptersAsync(byte[] sound)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, sound);
            using var about = JsonDocument.Parse(await Ffprobe.RunAsync("ffprobe", ["-v", "error", "-of", "json", "-show_chapters", path]));
            return [.. about.RootElement.GetProperty("chapters").EnumerateArray().Select(chapter => chapter.GetProperty("tags").GetProperty("title").GetString()!)];
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>A test that needs a database and ffmpeg, and is skipped where one of them is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BookFactAttribute : FactAttribute
{
    public BookFactAttribute() => Skip = new PostgresFactAttribute().Skip ?? Ffprobe.WhyNot;
}
