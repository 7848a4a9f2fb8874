using System.Text;
using System.Text.Json;
using CosyVoice.Text;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Text;

public class TokenizerTests
{
    private const string EmptyConfig = "{}";

    private static readonly string Tiny = Repository.Fixture("text/tiny_tokenizer");
    private static readonly string Default = Repository.File("models/default/CosyVoice-BlankEN");

    [Fact]
    public void SpecialTokens_OfTheFullVocabulary_HaveTheirPublishedIds()
    {
        using var folder = new TemporaryFolder();
        var bytes = Enumerable.Range(0, 256).Select(value => $"{ByteAlphabet.CharacterOf((byte)value)}");
        var fillers = Enumerable.Range(256, 151_643 - 256).Select(i => $"filler{i}");
        var vocabulary = bytes.Concat(fillers).Select((token, id) => (token, id));
        folder.Write("vocab.json", JsonSerializer.Serialize(vocabulary.ToDictionary(pair => pair.token, pair => pair.id)));
        folder.Write("merges.txt", "");
        folder.Write("tokenizer_config.json", """
            {"added_tokens_decoder":
              {"151643": {"content": "<|endoftext|>"}, "151644": {"content": "<|im_start|>"}, "151645": {"content": "<|im_end|>"}}}
            """);
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Repository.Fixture("text/special_tokens.json")));

        AssertIds(expected.RootElement.GetProperty("v2").GetProperty("real_ids"), Tokenizer.ForCosyVoice2(folder.Path));
        AssertIds(expected.RootElement.GetProperty("v3").GetProperty("real_ids"), Tokenizer.ForCosyVoice3(folder.Path));
    }

    [Fact]
    public void SpecialTokens_OfTheDefaultModel_FollowItsVocabulary()
    {
        var tokenizer = Tokenizer.ForCosyVoice2(Default);

        Assert.Equal(2433, tokenizer.IdOf("<|endoftext|>"));
        Assert.Equal(2436, tokenizer.IdOf("<|endofprompt|>"));
        Assert.Equal(2453, tokenizer.VocabularySize);
        Assert.Null(tokenizer.IdOf("hello"));
    }

    [Fact]
    public void SpecialTokens_ThatNoFileLists_AreAllAppended()
    {
        using var folder = CopyOfTiny(config: EmptyConfig);

        Assert.Equal(400, Tokenizer.ForCosyVoice2(folder.Path).IdOf("<|endoftext|>"));
        Assert.Equal(403, Tokenizer.ForCosyVoice2(folder.Path).IdOf("<|endofprompt|>"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello, world! It's 12:45.")]
    [InlineData("你好，世界。かな 한국어 𠀀😀👍🏽")]
    [InlineData("<|endofprompt|>[laughter]<strong>x</strong>[unknown]<|endof")]
    [InlineData(" \t\r\n  leading and trailing   ")]
    public void Decode_OfEncoded_IsTheText(string text)
    {
        var tokenizer = Tokenizer.ForCosyVoice2(Default);

        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Encode_AnyText_DecodesToItsNormalForm()
    {
        var random = new Random(5);
        var tokenizer = Tokenizer.ForCosyVoice3(Tiny);
        for (var round = 0; round < 3_000; round++)
        {
            var text = RandomText(random);

            Assert.Equal(ExpectedDecoding(text), tokenizer.Decode(tokenizer.Encode(text)));
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("你")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("[")]
    [InlineData("<|endof")]
    [InlineData("\u0301")]
    [InlineData("\ud800")]
    [InlineData("the ")]
    public void Encode_LongRepetition_Ends(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 20_000));
        var tokenizer = Tokenizer.ForCosyVoice2(Default);

        Assert.NotEmpty(tokenizer.Encode(text));
    }

    [Fact]
    public void Encode_MarkedLetter_IsComposedFirst()
    {
        var tokenizer = Tokenizer.ForCosyVoice2(Tiny);

        Assert.Equal(tokenizer.Encode("é"), tokenizer.Encode("e\u0301"));
    }

    [Fact]
    public void Decode_UnknownId_NamesIt()
    {
        var tokenizer = Tokenizer.ForCosyVoice2(Tiny);

        Assert.Contains("999999", Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([999_999])).Message);
    }

    [Fact]
    public void Load_EmptyFolder_ReportsEveryFile()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(3, Problems(folder).Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"a": "b"}""")]
    [InlineData("""{"a": -1}""")]
    [InlineData("""{"a": 99999999999}""")]
    [InlineData("""{"\ud800": 1}""")]
    public void Load_BadVocabulary_IsReported(string vocabulary)
    {
        using var folder = CopyOfTiny(vocabulary: vocabulary);

        Assert.Contains(Problems(folder), problem => problem.StartsWith("vocab.json: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"added_tokens_decoder": []}""")]
    [InlineData("""{"added_tokens_decoder": {"x": {"content": "a"}}}""")]
    [InlineData("""{"added_tokens_decoder": {"1": {}}}""")]
    [InlineData("""{"added_tokens_decoder": {"1": {"content": ""}}}""")]
    [InlineData("""{"added_tokens_decoder": {"1": {"content": 5}}}""")]
    public void Load_BadConfiguration_IsReported(string config)
    {
        using var folder = CopyOfTiny(config: config);

        Assert.StartsWith("tokenizer_config.json: ", Assert.Single(Problems(folder)));
    }

    [Theory]
    [InlineData("#version: 0.2\nh e\nnonsense\n", "merges.txt: line 3 'nonsense'")]
    [InlineData("h e x\n", "merges.txt: line 1 'h e x'")]
    [InlineData("h q\n", "merges.txt: line 1 'h q'")]
    public void Load_BadMerge_IsReportedWithItsLine(string merges, string expected)
    {
        using var folder = CopyOfTiny(merges: merges);

        Assert.StartsWith(expected, Assert.Single(Problems(folder)));
    }

    [Fact]
    public void Load_VocabularyWithoutEveryByte_ReportsThem()
    {
        using var folder = CopyOfTiny(vocabulary: """{"a": 0, "b": 0}""", merges: "");

        var problems = Problems(folder);

        Assert.Contains("vocab.json: no token for the byte 0x00", problems);
        Assert.Contains("vocab.json: the id 0 of 'b' belongs to another token as well", problems);
    }

    private static void AssertIds(JsonElement expected, Tokenizer tokenizer) =>
        Assert.All(expected.EnumerateObject(), entry => Assert.Equal(entry.Value.GetInt32(), tokenizer.IdOf(entry.Name)));

    private static IReadOnlyList<string> Problems(TemporaryFolder folder) =>
        Assert.Throws<CheckpointException>(() => Tokenizer.ForCosyVoice2(folder.Path)).Problems;

    private static TemporaryFolder CopyOfTiny(string? vocabulary = null, string? merges = null, string? config = null)
    {
        var folder = new TemporaryFolder();
        folder.Write("vocab.json", vocabulary ?? File.ReadAllText(Path.Combine(Tiny, "vocab.json")));
        folder.Write("merges.txt", merges ?? File.ReadAllText(Path.Combine(Tiny, "merges.txt")));
        folder.Write("tokenizer_config.json", config ?? File.ReadAllText(Path.Combine(Tiny, "tokenizer_config.json")));
        return folder;
    }

    private static string RandomText(Random random)
    {
        string[] parts =
        [
            "<|endofprompt|>", "[laughter]", "[AA0]", "[ǐ]", "[", "<", "the ", "é", "e\u0301", "\u0301", "\ud800", "\udc00", "\r\n", "  ",
            "12", "你好", "。", "'ll",
        ];
        var text = new StringBuilder();
        for (var i = random.Next(20); i > 0; i--)
        {
            text.Append(random.Next(3) == 0 ? $"{(char)random.Next(0x10000)}" : parts[random.Next(parts.Length)]);
        }

        return text.ToString();
    }

    /// <summary>Added tokens are cut out before the rest is normalised, and lone surrogates become U+FFFD.</summary>
    private static string ExpectedDecoding(string text)
    {
        var pieces = System.Text.RegularExpressions.Regex.Split(text, @"(<\|endofprompt\|>|\[laughter\]|\[AA0\]|\[ǐ\])");
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(string.Concat(pieces.Select(NormalFormC.Normalize))));
    }
}
