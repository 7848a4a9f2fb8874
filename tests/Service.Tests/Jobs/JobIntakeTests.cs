using System.Text;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Service.Tests.Jobs;

public sealed class JobIntakeTests : IAsyncLifetime
{
    private JobBench _bench = null!;

    public async Task InitializeAsync() => _bench = await JobBench.StartAsync(new JobsOptions { MaxItems = 5000 });

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Read_ObjectWhoseDefaultsFollowTheItems_AppliesThem()
    {
        using var order = await _bench.OrderAsync(
            """{"id":"x","items":[{"text":"a"},{"text":"b","voice":"amy","speed":0.5}],"voice":"ben","format":"pcm","speed":2,"seed":9,"max_in_flight":3}""");

        Assert.Equal(("x", 2, 3), (order.Header.Id, order.Header.Items, order.Header.InFlight));
        Assert.Equal(
            [("000001.pcm", "ben", 2.0, 9), ("000002.pcm", "amy", 0.5, 9)],
            order.Items().Select(item => (item.Name, item.Voice!, item.Speed, item.Seed)));
    }

    [Fact]
    public async Task Read_Lines_TakesBlankOnesAndTextsAlone()
    {
        using var order = await _bench.OrderAsync("\uFEFF{\"text\":\"a\"}\n\n  \r\n\"b\"\r\n{\"text\":\"c\",\"task_id\":\"night\"}", lines: true);

        Assert.Equal(
            [(1, "a", "000001.wav"), (2, "b", "000002.wav"), (3, "c", "night.wav")],
            order.Items().Select(item => (item.Number, item.Text, item.Name)));
    }

    [Fact]
    public async Task Read_NoSeed_IsDecidedByTheItemAlone()
    {
        using var first = await _bench.OrderAsync("""["a","a"]""");
        using var second = await _bench.OrderAsync("""[{"text":"a"},"a"]""");

        var seeds = first.Items().Select(item => item.Seed).ToList();
        Assert.Equal(seeds, second.Items().Select(item => item.Seed));
        Assert.NotEqual(seeds[0], seeds[1]);
        Assert.All(seeds, seed => Assert.InRange(seed, 1, 100_000_000));
        Assert.Equal(first.Header.Digest, second.Header.Digest);
        Assert.NotEqual(first.Header.Id, second.Header.Id);
    }

    [Fact]
    public async Task Read_ManyErrors_NamesTheFirstByItemAndCountsTheRest()
    {
        var items = string.Join(',', Enumerable.Repeat("""{"text":"","voice":"zoe"}""", 50));

        var e = await FailAsync($"[{items}]");

        Assert.Contains("Item 1: There is nothing", e.Message);
        Assert.Contains("Item 5: There is no voice 'zoe'", e.Message);
        Assert.DoesNotContain("Item 6", e.Message);
        Assert.Contains("90 more", e.Message);
    }

    [Theory]
    [InlineData("", "valid JSON")]
    [InlineData("[", "line 1")]
    [InlineData("[]", "no items")]
    [InlineData("{}", "no list of items")]
    [InlineData("7", "no list of items")]
    [InlineData("\"a\"", "no list of items")]
    [InlineData("""{"items":{}}""", "no list of items")]
    [InlineData("""{"items":["a"],"items":["b"]}""", "'items' is given more than once")]
    [InlineData("""{"items":["a"]}x""", "valid JSON")]
    [InlineData("""["a"] ["b"]""", "valid JSON")]
    [InlineData("""["a",]""", "valid JSON")]
    [InlineData("""[1]""", "Item 1: It is a number")]
    [InlineData("""[["a"]]""", "Item 1: It is a list")]
    [InlineData("""[{"text":"a","text":"b"}]""", "Item 1: A field is given more than once")]
    [InlineData("""[{"text":5}]""", "Item 1: text is '5'")]
    [InlineData("""[{"text":"\ud800"}]""", "Item 1: text is not valid Unicode")]
    [InlineData("""[{"txt":"a"}]""", "There is no field 'txt'")]
    [InlineData("""[{}]""", "The text is missing")]
    [InlineData("""["a",{"text":"b","name":"000001.wav"}]""", "Item 2: The name '000001.wav' is that of an earlier item")]
    [InlineData("""[{"text":"b","task_id":"A"},{"text":"b","task_id":"a"}]""", "Item 2: The name 'a.wav'")]
    [InlineData("""[{"text":"b","name":"../a.wav"}]""", "cannot be the name of a file")]
    [InlineData("""[{"text":"b","name":".a.wav"}]""", "cannot be the name of a file")]
    [InlineData("""[{"text":"b","name":"con.wav"}]""", "cannot be the name of a file")]
    [InlineData("""[{"text":"b","name":"a.mp3"}]""", "does not end in .wav")]
    [InlineData("""[{"text":"b","task_id":"a/b"}]""", "cannot be used as a name")]
    [InlineData("""[{"text":"b","format":"exe"}]""", "format 'exe'")]
    [InlineData("""[{"text":"b","mode":"sing"}]""", "mode 'sing'")]
    [InlineData("""[{"text":"b","mode":"vc"}]""", "Mode vc takes a recording")]
    [InlineData("""[{"text":"b","mode":"sft","emotion":"sad"}]""", "Mode sft takes no emotion")]
    [InlineData("""[{"text":"b","dialect":"klingon"}]""", "dialect 'klingon'")]
    [InlineData("""[{"text":"b","seed":0}]""", "seed is 0")]
    [InlineData("""[{"text":"b","seed":1.5}]""", "seed is '1.5'")]
    [InlineData("""[{"text":"b","speed":3}]""", "speed is 3")]
    [InlineData("""{"items":["a"],"id":"../x"}""", "id '../x'")]
    [InlineData("""{"items":["a"],"max_in_flight":0}""", "max_in_flight is 0")]
    [InlineData("""{"items":["a"],"what":[[[[[[[[[1]]]]]]]]]}""", "valid JSON")]
    public async Task Read_SomethingWrong_SaysWhatAndLeavesNothing(string content, string expected)
    {
        var e = await FailAsync(content);

        Assert.Contains(expected, e.Message);
        Assert.NotEmpty(e.Solution);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_bench.Data, "jobs", ".new")));
    }

    [Fact]
    public async Task Read_MoreItemsThanAllowed_IsRefused() =>
        Assert.Equal("JOB_TOO_LARGE", (await FailAsync($"[{string.Join(',', Enumerable.Repeat("\"a\"", 5001))}]")).Code);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Cursor_AnyPieces_ReadsEachValue(int piece)
    {
        var long1 = new string('x', 200_000);
        var json = $$"""[ {"a": [1, "\u00e9"]}, "{{long1}}" , -1.5e3,null ]""";
        var cursor = new JsonCursor(new PieceStream(Encoding.UTF8.GetBytes(json), piece), 1 << 20, several: false);
        cursor.ReadToken();

        List<string> values = [];
        while (cursor.ReadValue() && cursor.Type != System.Text.Json.JsonTokenType.EndArray)
        {
            values.Add(Encoding.UTF8.GetString(cursor.Value.Span));
        }

        Assert.Equal(["""{"a": [1, "\u00e9"]}""", $"\"{long1}\"", "-1.5e3", "null"], values);
        Assert.False(cursor.ReadToken());
    }

    [Fact]
    public void Cursor_ValueBeyondTheLimit_IsRefusedBeforeItIsInMemory()
    {
        var json = Encoding.UTF8.GetBytes($"[\"{new string('x', 5_000_000)}\"]");
        var cursor = new JsonCursor(new MemoryStream(json), 100_000, several: false);
        cursor.ReadToken();

        Assert.Throws<System.Text.Json.JsonException>(() => cursor.ReadValue());
    }

    private Task<SpeechException> FailAsync(string content) => Assert.ThrowsAsync<SpeechException>(() => _bench.OrderAsync(content));

    private sealed class PieceStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
