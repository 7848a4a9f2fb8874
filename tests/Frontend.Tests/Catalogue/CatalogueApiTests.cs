namespace CosyOrleans.Frontend.Tests.Catalogue;

public sealed class CatalogueApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Fact]
    public async Task Voices_ListsThoseOfTheModel() => Assert.Equal(
        """{"voices":[{"id":"amy","name":"amy","model":"tone","source":"model"},{"id":"ben","name":"ben","model":"tone","source":"model"}]}""",
        await server.Client.GetStringAsync("/v1/audio/voices"));

    [Fact]
    public async Task Models_ListsTheOneThatIsLoaded() => Assert.Equal(
        """{"object":"list","data":[{"id":"tone","object":"model","created":0,"owned_by":"local"}]}""",
        await server.Client.GetStringAsync("/v1/models"));
}
