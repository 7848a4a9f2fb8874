using System.Text;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Tests.Jobs;

/// <summary>Orders in plain text, tables and templates.</summary>
public sealed class JobInputTests : IAsyncLifetime
{
    private JobBench _bench = null!;

    public async Task InitializeAsync() => _bench = await JobBench.StartAsync(new JobsOptions { MaxItems = 5000 });

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData(null, "One two. Three?|四五。六")]
    [InlineData("paragraph", "One two. Three?|四五。六")]
    [InlineData("line", "One|two. Three?|四|五。六")]
    [InlineData("sentence", "One two.|Three?|四五。|六")]
    public async Task Text_Split_DecidesWhatIsAnItem(string? split, string expected)
    {
        var items = await TextsAsync("\uFEFFOne\r\n two. Three?\r\n\r\n* * *\n \n四\n五。六", JobInput.Text, new JobDefaults { Split = split });

        Assert.Equal(expected, string.Join('|', items));
    }

    [Fact]
    public async Task Text_ParagraphThatIsTooLong_IsCutBetweenSentences()
    {
        var items = await TextsAsync(string.Concat(Enumerable.Repeat("So we went on and on. ", 1000)), JobInput.Text);

        Assert.Equal(3, items.Count);
        Assert.All(items, item => Assert.EndsWith("on.", item));
        Assert.All(items, item => Assert.InRange(item.Length, 1, 10_000));
    }

    [Fact]
    public async Task Text_BadCharacter_NamesTheLine() =>
        Assert.Contains("Line 3: Character 2 of the text, U+0001", (await FailAsync("One.\n\nT\u0001wo.", JobInput.Text)).Message);

    [Fact]
    public async Task Text_InAnotherEncoding_IsRefused() => Assert.Contains(
        "At or after line 1 the text is not valid UTF-8",
        (await Assert.ThrowsAsync<SpeechException>(() => _bench.OrderAsync(new MemoryStream([.. "One.\n"u8, 0xE9, .. "t\u00e9."u8]), JobInput.Text))).Message);

    [Fact]
    public async Task Csv_Table_HasAnItemOnEachLine()
    {
        const string Table = "task_id,text,voice,seed,speed\r\nhi,\"Hello, \"\"you\"\"\nthere\",ben,7,\r\n\r\nbye,Good bye.,,,1.5\r\n";
        using var order = await _bench.OrderAsync(new MemoryStream(Encoding.UTF8.GetBytes(Table)), JobInput.Csv);

        var items = order.Items().ToList();
        Assert.Equal([("hi.wav", "Hello, \"you\"\nthere", "ben", 1.0), ("bye.wav", "Good bye.", null, 1.5)], items.Select(item => (item.Name, item.Text, item.Voice, item.Speed)));
        Assert.Equal(7, items[0].Seed);
    }

    [Theory]
    [InlineData("text,mood\na,b", "The first line names 'mood'")]
    [InlineData("voice\na", "not the field text")]
    [InlineData("text,text\na,b", "names a field twice")]
    [InlineData("text,voice\na", "Line 2 has 1 fields where the first line names 2")]
    [InlineData("text\n\"a", "opened at line 2 is not closed")]
    [InlineData("text\n\"a\"b", "At line 2 something follows a closing quote")]
    [InlineData("text\na\"b", "At line 2 a quote stands within a field")]
    [InlineData("text,seed\n\"a\nb\",1\nc,no", "Line 4: seed is text")]
    [InlineData("text,voice\na,zoe", "Line 2: There is no voice 'zoe'")]
    [InlineData("", "There are no items")]
    public async Task Csv_SomethingWrong_NamesTheLine(string table, string expected) =>
        Assert.Contains(expected, (await FailAsync(table, JobInput.Csv)).Message);

    [Fact]
    public void Csv_WhateverIsWrittenAsTheStandardSays_IsReadAsItWas()
    {
        const string Alphabet = "a,\"\n\r é四";
        var random = new Random(5);
        string Text() => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
        string Written(string field) => random.Next(2) == 0 || field.AsSpan().IndexOfAny(",\"\n\r") >= 0 ? $"\"{field.Replace("\"", "\"\"")}\"" : field;
        for (var round = 0; round < 2000; round++)
        {
            var rows = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Enumerable.Range(0, 2 + random.Next(3)).Select(_ => Text()).ToArray()).ToList();
            var table = string.Join(random.Next(2) == 0 ? "\n" : "\r\n", rows.Select(row => string.Join(',', row.Select(Written))));

            Assert.Equal(rows, CsvItems.Records(new MemoryStream(Encoding.UTF8.GetBytes(table))).Select(record => record.Fields.ToArray()));
        }
    }

    [Fact]
    public async Task Csv_AnyBytes_AreReadOrRefused()
    {
        var random = new Random(6);
        for (var round = 0; round < 300; round++)
        {
            var table = "text,voice,seed\n".ToCharArray().Concat(Enumerable.Range(0, 40).Select(_ => "a,\"\n\r1\0\uFFFE"[random.Next(8)])).ToArray();
            try
            {
                using var order = await _bench.OrderAsync(new MemoryStream(Encoding.UTF8.GetBytes(table)), JobInput.Csv);
            }
            catch (SpeechException e)
            {
                Assert.Equal(SpeechErrorKind.Invalid, e.Kind);
            }
        }
    }

    [Fact]
    public async Task Template_TextsVoicesStyles_MakeEachOfEach()
    {
        using var order = await _bench.OrderAsync(
            """{"texts":["Hi.",{"name":"bye","text":"Bye.","seed":5}],"voices":["amy","ben"],"styles":["happy",{"name":"slow","speed":0.5}],"id":"dub"}""");

        Assert.Equal(
            [
                ("0001-amy-happy.wav", "Hi.", "amy", "happy", 1.0), ("0001-amy-slow.wav", "Hi.", "amy", null, 0.5),
                ("0001-ben-happy.wav", "Hi.", "ben", "happy", 1.0), ("0001-ben-slow.wav", "Hi.", "ben", null, 0.5),
                ("bye-amy-happy.wav", "Bye.", "amy", "happy", 1.0), ("bye-amy-slow.wav", "Bye.", "amy", null, 0.5),
                ("bye-ben-happy.wav", "Bye.", "ben", "happy", 1.0), ("bye-ben-slow.wav", "Bye.", "ben", null, 0.5),
            ],
            order.Items().Select(item => (item.Name, item.Text, item.Voice!, item.Emotion, item.Speed)));
        Assert.All(order.Items().Skip(4), item => Assert.Equal(5, item.Seed));
    }

    [Theory]
    [InlineData("""{"voices":["amy"]}""", "but no texts")]
    [InlineData("""{"texts":[]}""", "texts is no list of 1 to 100,000 parts")]
    [InlineData("""{"texts":"Hi."}""", "texts is no list")]
    [InlineData("""{"texts":[1]}""", "Part 1 of texts is neither text nor an object")]
    [InlineData("""{"texts":["a"],"items":["b"]}""", "both items and texts")]
    [InlineData("""{"texts":[{"name":"x"}]}""", "Part 1 of texts holds no text")]
    [InlineData("""{"texts":["a"],"styles":[{"text":"b"}]}""", "Part 1 of styles holds text or task_id")]
    [InlineData("""{"texts":["a"],"voices":["zoe"]}""", "Item '0001-zoe': There is no voice 'zoe'")]
    [InlineData("""{"texts":["a"],"voices":["amy","amy"]}""", "'0001-amy.wav' is that of an earlier item")]
    [InlineData("""{"texts":["a"],"styles":[{"name":"../x","speed":1}]}""", "cannot be used as a name")]
    public async Task Template_SomethingWrong_SaysWhat(string content, string expected) => Assert.Contains(expected, (await FailAsync(content, JobInput.Json)).Message);

    [Fact]
    public async Task Template_MoreThanMayBe_IsRefusedBeforeAnythingIsMade()
    {
        var texts = string.Join(',', Enumerable.Repeat("\"a\"", 3000));

        Assert.Contains("3,000 texts in 2 voices and 1 styles are 6,000 items", (await FailAsync($$"""{"texts":[{{texts}}],"voices":["amy","ben"]}""", JobInput.Json)).Message);
    }

    [Theory]
    [InlineData(JobInput.Json, "line", "only plain text and books")]
    [InlineData(JobInput.Text, "chapter", "split 'chapter' is not offered")]
    [InlineData(JobInput.Text, "word", "split 'word' is not offered")]
    public async Task Split_WhereItCannotBe_IsRefused(JobInput input, string split, string expected) =>
        Assert.Contains(expected, (await FailAsync("""["a"]""", input, new JobDefaults { Split = split })).Message);

    private async Task<List<string>> TextsAsync(string content, JobInput input, JobDefaults? defaults = null)
    {
        using var order = await _bench.OrderAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), input, defaults);
        return [.. order.Items().Select(item => item.Text)];
    }

    private Task<SpeechException> FailAsync(string content, JobInput input, JobDefaults? defaults = null) =>
        Assert.ThrowsAsync<SpeechException>(() => TextsAsync(content, input, defaults));
}
