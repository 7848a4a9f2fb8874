using System.Text.Json;
using System.Text.RegularExpressions;

namespace CosyOrleans.Frontend.Tests.Metrics;

/// <summary>What the dashboard and the alerts ask for is what the server measures.</summary>
public sealed partial class DashboardTests
{
    [Theory]
    [InlineData("deploy/grafana/cosyorleans.json")]
    [InlineData("deploy/prometheus/alerts.yml")]
    public async Task Names_AreMeasured(string path)
    {
        await using var server = new CosyServer { Settings = new Dictionary<string, string> { ["Cache:Megabytes"] = "1" } };
        await server.InitializeAsync();
        await (await server.PostAsync("/tts", new { text = "One two.", seed = 1 })).Content.ReadAsByteArrayAsync();
        await server.PostAsync("/v1/feedback", new { task_id = "a", score = 3 });
        var measured = TypeRegex().Matches(await server.Client.GetStringAsync("/metrics")).Select(match => match.Groups[1].Value).ToHashSet();

        var text = await File.ReadAllTextAsync(Path.Combine(Root(), path));
        var asked = NameRegex().Matches(text).Select(match => SuffixRegex().Replace(match.Value, "")).Distinct().ToList();

        Assert.True(asked.Count >= 5);
        Assert.All(asked, name => Assert.Contains(name, measured));
        await ((IAsyncLifetime)server).DisposeAsync();
    }

    [Fact]
    public void Dashboard_IsJsonWithPanelsThatDoNotOverlap()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root(), "deploy/grafana/cosyorleans.json")));

        var places = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Select(panel => (panel.GetProperty("gridPos").GetProperty("x").GetInt32(), panel.GetProperty("gridPos").GetProperty("y").GetInt32())).ToList();

        Assert.Equal(places.Count, places.Distinct().Count());
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CosyOrleans.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex(@"^# TYPE (\w+) ", RegexOptions.Multiline)]
    private static partial Regex TypeRegex();

    [GeneratedRegex(@"\b(cosy|dotnet)_\w+")]
    private static partial Regex NameRegex();

    [GeneratedRegex(@"_(bucket|sum|count)$")]
    private static partial Regex SuffixRegex();
}
