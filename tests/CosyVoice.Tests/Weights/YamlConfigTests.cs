using CosyVoice.Weights;

namespace CosyVoice.Tests.Weights;

public class YamlConfigTests
{
    [Theory]
    [InlineData("25", 25)]
    [InlineData("'25'", 25)]
    [InlineData("1e2", 100)]
    [InlineData("!ref <chunk>", 25)]
    [InlineData("!ref <chain>", 25)]
    [InlineData("!ref <deep[er][est]>", 7)]
    [InlineData("!ref <chunk> * <ratio>", 50)]
    [InlineData("!ref <chunk> + 2 * <ratio>", 29)]
    [InlineData("!ref (<chunk> - 1) / <ratio>", 12)]
    [InlineData("!ref <chunk> // <ratio>", 12)]
    public void Positive_NumberOrReference_IsItsValue(string value, int expected)
    {
        var (yaml, problems) = Load(value);

        Assert.Equal(expected, yaml["section"].Positive("value"));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("2.5", "test.yaml: section.value: an integer of at least 1 is expected, not '2.5'")]
    [InlineData("0", "test.yaml: section.value: an integer of at least 1 is expected, not '0'")]
    [InlineData("abc", "test.yaml: section.value: an integer of at least 1 is expected, not 'abc'")]
    [InlineData("3000000000", "test.yaml: section.value: an integer of at least 1 is expected, not '3000000000'")]
    [InlineData("[1]", "test.yaml: section.value: an integer of at least 1 is expected, not a list")]
    [InlineData("!ref <nothing>", "test.yaml: section.value: '!ref <nothing>' leads nowhere")]
    [InlineData("!ref <circle>", "test.yaml: section.value: '!ref <circle>' leads in a circle or is too long")]
    [InlineData("!ref <chunk> ** 2", "test.yaml: section.value: '!ref <chunk> ** 2' is not understood")]
    [InlineData("!ref (<chunk>", "test.yaml: section.value: '!ref (<chunk>' is not understood")]
    [InlineData("!ref <chunk> * <deep>", "test.yaml: section.value: '!ref <chunk> * <deep>' is not understood")]
    public void Positive_AnythingElse_IsReportedWithItsPath(string value, string expected)
    {
        var (yaml, problems) = Load(value);

        yaml["section"].Positive("value");

        Assert.Equal([expected], problems);
    }

    [Fact]
    public void Sections_MissingAndWrong_AreReportedOnceEach()
    {
        var (yaml, problems) = Load("5");

        yaml["nowhere"].Positive("a");
        yaml["nowhere"]["b"].Positive("c");
        yaml["chunk"].Positive("d");
        yaml["section"].Number("e", 0, 1);

        Assert.Equal(
            [
                "test.yaml: nowhere: missing",
                "test.yaml: chunk: a section is expected",
                "test.yaml: section.e: missing",
            ],
            problems);
    }

    [Fact]
    public void PositiveLists_OfLists_AreRead()
    {
        var (yaml, problems) = Load("[[1, 3], [!ref <chunk>]]");

        Assert.Equal([[1, 3], [25]], yaml["section"].PositiveLists("value"));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("a: [1, 2")]
    [InlineData("just text")]
    [InlineData("a: 1\na: 2")]
    [InlineData("\t")]
    [InlineData("")]
    [InlineData("a: *nothing")]
    public void Load_NotAMapping_IsReported(string content) =>
        Assert.StartsWith("test.yaml: cannot be read: ", Assert.Single(Problems(content)));

    [Fact]
    public void Load_DeepNesting_IsReported() => Assert.Contains("nested", Assert.Single(Problems("a: " + new string('[', 500_000))));

    [Fact]
    public void Load_HugeFile_IsReported() => Assert.Contains("larger than", Assert.Single(Problems(new string('#', 2_000_000))));

    private static (YamlConfig Yaml, List<string> Problems) Load(string value)
    {
        var problems = new List<string>();
        using var folder = new TemporaryFolder();
        var path = folder.Write("test.yaml", $"""
            seed: !apply:random.seed [1986]
            chunk: 25
            ratio: 2
            chain: !ref <chunk>
            circle: !ref <circle>
            deep: !new:some.Class
              er:
                est: 7
            section: !name:other.function
              value: {value}
            """);
        return (YamlConfig.Load(path, problems)!, problems);
    }

    private static List<string> Problems(string content)
    {
        var problems = new List<string>();
        using var folder = new TemporaryFolder();
        Assert.Null(YamlConfig.Load(folder.Write("test.yaml", content), problems));
        return problems;
    }
}
