using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Tests.Errors;

public sealed class QuotedTests
{
    [Theory]
    [InlineData("amy", "'amy'")]
    [InlineData("", "''")]
    [InlineData("a\r\nb", "'a\\u000D\\u000Ab'")]
    [InlineData("\u001b[31m", "'\\u001B[31m'")]
    [InlineData("a\u202eb", "'a\\u202Eb'")]
    public void Value_NothingGetsThroughThatATerminalActsOn(string value, string expected) => Assert.Equal(expected, Quoted.Value(value));

    [Fact]
    public void Value_HalfASurrogatePair_IsReplaced() => Assert.Equal("'x\uFFFD'", Quoted.Value("x\ud800"));

    [Fact]
    public void Value_Long_IsCut() => Assert.Equal($"'{new string('a', 60)}…'", Quoted.Value(new string('a', 100_000)));

    [Fact]
    public void List_Long_SaysHowManyMore() => Assert.Equal("1, 2 and 3 more", Quoted.List(["1", "2", "3", "4", "5"], shown: 2));
}
