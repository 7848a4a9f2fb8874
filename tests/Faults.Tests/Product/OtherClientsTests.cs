using System.Text.Json;
using CosyOrleans.Frontend.Tests.Clients;
using CosyOrleans.Frontend.Tests.DashScope;
using CosyOrleans.Frontend.Tests.WebSockets;
using CosyOrleans.Tests;

namespace CosyOrleans.Faults.Product;

/// <summary>Clients that others wrote hear from three silos, byte for byte, what one process says to them.</summary>
[Collection(nameof(ProductCluster))]
public sealed class OtherClientsTests(ProductCluster product)
{
    private const string Voice = "sft_spk";

    // What is another each time; errors name the request.
    private static readonly string[] NotOfTheSound = ["pieces", "created", "voices", "error"];

    [ProductFact]
    public async Task OpenAiPackage_Unmodified_FindsWhatItFindsInOneProcess()
    {
        var (one, many) = await BothAsync(server => NpmClients.RunAsync("openai.mjs", server.ToString(), "mp3", Voice, ProductCluster.Recording));

        Assert.Equal(Comparable(one), Comparable(many));
        Assert.True(many.GetProperty("mp3").GetBoolean());
        Assert.True(many.GetProperty("pcm").GetInt32() > 0);
        Assert.Equal(
            (one.GetProperty("error").GetRawText(), "VOICE_UNKNOWN"),
            (many.GetProperty("error").GetRawText(), many.GetProperty("error").GetProperty("code").GetString()));
        var created = many.GetProperty("created").GetProperty("id").GetString();
        Assert.Contains(created, many.GetProperty("voices").EnumerateArray().Select(voice => voice.GetString()));
    }

    [ProductFact]
    public async Task ElevenLabsPackage_Unmodified_FindsWhatItFindsInOneProcess()
    {
        var (one, many) = await BothAsync(server => NpmClients.RunAsync("elevenlabs.mjs", server.ToString(), Voice));

        Assert.Equal(Comparable(one), Comparable(many));
        Assert.Equal("voice_unknown", many.GetProperty("error").GetProperty("detail").GetProperty("status").GetString());
        Assert.True(many.GetProperty("convert").GetInt32() > 0);
        Assert.True(many.GetProperty("socket").GetProperty("bytes").GetInt32() > 0);
    }

    [PostgresFact]
    public async Task DashScope_TextInPieces_IsWhatOneProcessSays()
    {
        var (one, many) = await BothAsync(async server =>
        {
            using var client = await DashScopeClient.ConnectAsync(server);
            List<(string Sound, int Characters)> heard = [];
            foreach (var task in new[] { "first", "second" })
            {
                await client.RunAsync(task, new { voice = Voice, format = "pcm", sample_rate = 24000, seed = 7 });
                await client.EventAsync(task, "task-started");
                await client.ContinueAsync(task, new { text = $"This is the {task} ta" });
                await client.ContinueAsync(task, new { text = "sk of two. And it goes on." });
                await client.FinishAsync(task);
                var (sound, characters) = await client.SoundAsync(task);
                heard.Add((Convert.ToHexString(sound), characters));
            }

            return heard;
        });

        Assert.All(many, task => Assert.NotEmpty(task.Sound));
        Assert.Equal(one, many);
        Assert.NotEqual(many[0].Sound, many[1].Sound);
    }

    [PostgresFact]
    public async Task NativeSocket_TextInPieces_IsWhatOneProcessSays()
    {
        var (one, many) = await BothAsync(async server =>
        {
            using var client = await TalkingClient.ConnectAsync(server);
            await client.SendAsync(new { type = "start", speaker_id = Voice, seed = 11, task_id = "native", text = "What is said " });
            await client.SendAsync(new { type = "text", text = "comes in pieces. " });
            await client.SendAsync(new { type = "text", text = "Still it is one." });
            await client.SendAsync(new { type = "end" });
            await client.EventAsync("started");
            var (sound, finished) = await client.SoundUntilAsync("finished");
            return (Sound: Convert.ToHexString(sound), Finished: finished.GetRawText());
        });

        Assert.NotEmpty(many.Sound);
        Assert.Equal(one, many);
    }

    private async Task<(T One, T Many)> BothAsync<T>(Func<Uri, Task<T>> talk) => (await talk(product.Single), await talk(product.Address));

    private static Dictionary<string, string> Comparable(JsonElement found) =>
        found.EnumerateObject().Where(field => !NotOfTheSound.Contains(field.Name)).ToDictionary(field => field.Name, field => field.Value.GetRawText());
}

/// <summary>A test that needs a database and packages of npm, and is skipped where one of them is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProductFactAttribute : FactAttribute
{
    public ProductFactAttribute() => Skip = new PostgresFactAttribute().Skip ?? NpmClients.WhyNot;
}
