using System.Net;

namespace CosyOrleans.Frontend.Tests.Reference;

public sealed class ReferenceApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Sft_FormInTheBody_AnswersWithSamples(string method)
    {
        // As the reference's own client does: a form, also with GET.
        using var request = new HttpRequestMessage(new HttpMethod(method), "/inference_sft")
        {
            Content = new FormUrlEncodedContent([new("tts_text", "One two."), new("spk_id", "ben")]),
        };
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2 * 2400 * 2, (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task Instruct_FieldsInTheAddress_AnswersWithSamples()
    {
        var sound = await server.Client.GetByteArrayAsync("/inference_instruct?tts_text=One.&spk_id=amy&instruct_text=Softly.%3C%7Cendofprompt%7C%3E");
        Assert.Equal(2400 * 2, sound.Length);
    }

    [Theory]
    [InlineData("zero_shot")]
    [InlineData("cross_lingual")]
    [InlineData("instruct2")]
    public async Task WithoutRecording_NamesTheFile(string mode)
    {
        using var response = await server.Client.PostAsync($"/inference_{mode}", new FormUrlEncodedContent([new("tts_text", "One."), new("prompt_text", "x"), new("instruct_text", "x")]));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("prompt_wav", (await CosyServer.ErrorAsync(response)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_ThatCannotBeRead_IsRefused()
    {
        using var content = new StringContent("--x\r\nnonsense");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        using var response = await server.Client.PostAsync("/inference_sft", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}

/// <summary>With networks that listen to recordings.</summary>
public sealed class ReferenceRecordingTests(Browser.EnrollingServer server) : IClassFixture<Browser.EnrollingServer>
{
    [Theory]
    [InlineData("zero_shot")]
    [InlineData("cross_lingual")]
    [InlineData("instruct2")]
    public async Task Recording_AsAFile_IsSpokenWith(string mode)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("Hello."), "tts_text" },
            { new StringContent("You are a helpful assistant.<|endofprompt|>A person."), "prompt_text" },
            { new StringContent("Softly.<|endofprompt|>"), "instruct_text" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(Browser.EnrollingServer.Recording)), "prompt_wav", "prompt_wav" },
        };
        using var response = await server.Client.PostAsync($"/inference_{mode}", form);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
    }
}
