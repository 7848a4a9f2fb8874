using System.Globalization;
using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

public class NormalFormCTests
{
    [Fact]
    public void Normalize_StringsOfAnotherImplementation_AgreesWithIt()
    {
        var file = Repository.File("tests/CosyVoice.Tests/Text/normal-form-c.txt");
        var lines = File.ReadLines(file).Where(line => line[0] != '#').ToArray();

        Assert.Equal(600, lines.Length);
        Assert.All(lines, line =>
        {
            var parts = line.Split(';');
            Assert.Equal(parts[1], Hex(NormalFormC.Normalize(Text(parts[0]))));
            Assert.Equal(parts[1], Hex(NormalFormC.Normalize(Text(parts[1]))));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("Café 你好 かな 한국어 😀")]
    [InlineData("\ud800")]
    [InlineData("\udc00\ud800a")]
    public void Normalize_NormalText_IsTheSameObject(string text) => Assert.Same(text, NormalFormC.Normalize(text));

    [Fact]
    public void Normalize_HalfASurrogatePairBesideAMark_KeepsBoth() =>
        Assert.Equal("\ud800\u0301é", NormalFormC.Normalize("\ud800\u0301e\u0301"));

    [Fact]
    public void Normalize_ManyMarks_SortsThem()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 50_000));

        var normal = NormalFormC.Normalize("q" + marks);

        Assert.Equal("q" + new string('\u0323', 50_000) + new string('\u0301', 50_000), normal);
    }

    private static string Text(string hex) => string.Concat(hex
        .Split(' ')
        .Select(field => char.ConvertFromUtf32(int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));

    private static string Hex(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => $"{rune.Value:X}"));
}
