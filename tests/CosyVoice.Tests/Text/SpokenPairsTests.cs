using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

/// <summary>Sentences and how a person reads them, in Pairs/language/topic.tsv: written, tab, spoken; \n is a line end.</summary>
public class SpokenPairsTests
{
    private static readonly string Folder = Repository.File("tests/CosyVoice.Tests/Text/Pairs");
    private static readonly TextFrontend Frontend = new(Tokenizer.ForCosyVoice3(Repository.Fixture("text/tiny_tokenizer")));

    public static TheoryData<string> Topics => [.. TopicNames];

    [Theory]
    [MemberData(nameof(Topics))]
    public void Normalize_Sentences_AreReadAsAPersonWould(string topic)
    {
        var wrong = Read(topic)
            .Select(pair => (pair.Written, pair.Spoken, Got: Frontend.Normalize(pair.Written)))
            .Where(pair => pair.Got != pair.Spoken)
            .Select(pair => $"\n  {pair.Written}\n    should be {pair.Spoken}\n    but is    {pair.Got}");

        Assert.True(!wrong.Any(), string.Concat(wrong));
    }

    /// <summary>While a text is written, it is read as when it is there; only what nobody can know before the end differs.</summary>
    [Theory]
    [MemberData(nameof(Topics))]
    public void ReadArriving_SentencesLetterByLetter_AreReadAsWhenWhole(string topic)
    {
        var wrong = Read(topic)
            .Select(pair => (pair.Written, pair.Spoken, Got: Arriving(pair.Written)))
            .Where(pair => Comparable(pair.Got) != Comparable(pair.Spoken))
            .Select(pair => $"\n  {pair.Written}\n    should be {pair.Spoken}\n    but is    {pair.Got}");

        Assert.True(!wrong.Any(), string.Concat(wrong));
    }

    private static string Arriving(string text)
    {
        var arriving = Frontend.ReadArriving()!;
        return string.Concat(text.Select(letter => arriving.Append($"{letter}"))) + arriving.Flush();
    }

    // A text that has ended gets a full stop where a sentence for the tables need not have one.
    private static string Comparable(string text) => string.Join(' ', text.TrimEnd('.', '。').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public void Pairs_OfALanguage_AreFourHundredAndDiffer(string language)
    {
        var written = TopicNames.Where(topic => topic.StartsWith(language, StringComparison.Ordinal))
            .SelectMany(Read).Select(pair => pair.Written).ToArray();

        Assert.True(written.Length >= 400, $"{language} has {written.Length} pairs.");
        Assert.Equal(written.Length, written.Distinct().Count());
    }

    private static IEnumerable<string> TopicNames => Directory
        .EnumerateFiles(Folder, "*.tsv", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<(string Written, string Spoken)> Read(string topic) => File
        .ReadLines(Path.Combine(Folder, topic))
        .Select(line => line.Split('\t'))
        .Select(parts => (parts[0].Replace("\\n", "\n", StringComparison.Ordinal), parts[1]));
}
