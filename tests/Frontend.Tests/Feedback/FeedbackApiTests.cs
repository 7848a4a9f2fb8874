using System.Net;
using System.Text.Json;

namespace CosyOrleans.Frontend.Tests.Feedback;

public sealed class FeedbackApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Fact]
    public async Task Post_AScore_IsStoredAndCounted()
    {
        var response = await server.PostAsync("/v1/feedback", new { task_id = "abc-1", score = 4, comment = "很好, \"clear\"\nand warm" });
        await server.PostAsync("/v1/feedback", new { task_id = "abc-2", score = 5 });

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(server.Data, "feedback"), "*.jsonl"));
        var first = JsonDocument.Parse((await File.ReadAllLinesAsync(file))[0]).RootElement;
        Assert.Equal(("abc-1", 4, "很好, \"clear\"\nand warm"), (first.GetProperty("task_id").GetString(), first.GetProperty("score").GetInt32(), first.GetProperty("comment").GetString()));
        var metrics = await server.Client.GetStringAsync("/metrics");
        Assert.Contains("cosy_feedback_score_bucket{le=\"4\"} 1\n", metrics);
        Assert.Contains("cosy_feedback_score_sum 9\n", metrics);
        Assert.Contains("cosy_feedback_score_count 2\n", metrics);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { """{"score": 3}""", "task_id is missing." },
        { """{"task_id": "a"}""", "score is missing." },
        { """{"task_id": "a", "score": 0}""", "score is 0, outside 1 to 5." },
        { """{"task_id": "a", "score": 6}""", "score is 6, outside 1 to 5." },
        { """{"task_id": "../a", "score": 3}""", "is not the name of a speech." },
        { $$"""{"task_id": "a", "score": 3, "comment": "{{new string('x', 501)}}"}""", "comment has 501 characters; at most 500 are kept." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Post_SomethingWrong_SaysWhat(string body, string message)
    {
        var response = await server.Client.PostAsync("/v1/feedback", new StringContent(body, null, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(message, (await CosyServer.ErrorAsync(response)).Message);
    }
}
