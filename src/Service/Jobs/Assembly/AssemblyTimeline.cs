using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Jobs.Assembly;

/// <summary>Where every item of an assembly begins and ends, in samples; found out before anything of it is written.</summary>
/// <param name="Rate">Samples per second: those of the first item.</param>
/// <param name="Samples">Of the whole.</param>
internal sealed record AssemblyTimeline(int Rate, long Samples, IReadOnlyList<AssemblyChapter> Chapters)
{
    private const double BeforeChapter = 3;

    /// <summary>Samples of silence before an item that is not the first.</summary>
    public static long PauseBefore(JobItem item, AssemblyPlan plan, int rate) =>
        (long)Math.Round(plan.Pause * (item.Chapter is null ? 1 : BeforeChapter) * rate);

    /// <param name="told">Given each item, where it begins and ends in samples, and the rate.</param>
    /// <exception cref="SpeechException">Not every item is done.</exception>
    public static async Task<AssemblyTimeline> ReadAsync(
        IAsyncEnumerable<JobEntry> entries, JobHeader header, AssemblyPlan plan, JobOutputs outputs, Action<JobItem, long, long, int> told)
    {
        List<AssemblyChapter> chapters = [];
        int rate = 0, missing = 0;
        long at = 0;
        await foreach (var entry in entries)
        {
            if (entry.State.Status != JobItemStatus.Done)
            {
                missing++;
                continue;
            }

            var item = entry.Item;
            var sound = ItemSound.Open(outputs.PathOf(item.Name));
            var isFirst = rate == 0;
            rate = isFirst ? sound.Rate : rate;
            at += isFirst ? 0 : PauseBefore(item, plan, rate);
            if (item.Chapter is { } title)
            {
                if (!isFirst && chapters.Count == 0)
                {
                    chapters.Add(new AssemblyChapter(plan.Title ?? header.Id, 0));
                }

                chapters.Add(new AssemblyChapter(title, at));
            }

            var end = at + sound.SamplesAt(rate);
            told(item, at, end, rate);
            at = end;
        }

        return missing == 0 ? new AssemblyTimeline(rate, at, chapters) : throw new SpeechException(
            SpeechErrorKind.Invalid,
            JobErrorCodes.AssemblyIncomplete,
            $"{missing:N0} of {header.Items:N0} items failed, and an assembly with gaps would not be the whole.",
            "Look at the items that failed, and retry the job.");
    }
}

/// <param name="Start">Samples before it.</param>
internal readonly record struct AssemblyChapter(string Title, long Start);
