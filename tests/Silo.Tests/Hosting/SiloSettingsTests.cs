using CosyOrleans.Service.Errors;
using CosyOrleans.Silo.Hosting;

namespace CosyOrleans.Silo.Tests.Hosting;

public sealed class SiloSettingsTests
{
    private static readonly (string Key, string Value)[] Enough =
        [("Silo:ConnectionString", "Host=127.0.0.1;Username=cosy"), ("Silo:Model", "models/default")];

    [Fact]
    public void Read_OnlyWhatIsRequired_HasTheDocumentedDefaults()
    {
        var settings = Read(Enough);

        Assert.Equal(["cpu"], settings.Devices);
        Assert.Equal(("cosy", "cosy", "127.0.0.1"), (settings.Silo.ClusterId, settings.Silo.ServiceId, settings.Silo.Address));
        Assert.Equal((11111, 30000, 8081, 30.0), (settings.Silo.SiloPort, settings.Silo.GatewayPort, settings.Silo.HttpPort, settings.Silo.DrainSeconds));
        Assert.Equal((2.0, 3, 2, 5.0, 10.0), (
            settings.Membership.ProbeSeconds,
            settings.Membership.MissedProbes,
            settings.Membership.Votes,
            settings.Membership.SignOfLifeSeconds,
            settings.Membership.RefreshSeconds));
    }

    [Fact]
    public void Read_ManyErrors_NamesAllAtOnce()
    {
        var e = Assert.Throws<SpeechException>(() => Read(
            ("Silo:HttpPort", "70000"), ("Silo:Devices", "cpu, cuda:7"), ("Silo:Address", "gpu-1"), ("Silo:DrainSeconds", "-1"),
            ("Membership:ProbeSeconds", "0.1"), ("Synthesis:MaxRunning", "0"), ("Synthesis:Unheard", "of")));

        Assert.Equal(SpeechErrorKind.Configuration, e.Kind);
        Assert.All(
            ["Silo:ConnectionString", "Silo:Model", "'70000'", "cuda:7", "'gpu-1'", "Silo:DrainSeconds", "Membership:ProbeSeconds", "Unheard"],
            part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Silo:HttpPort", "65535", "65536")]
    [InlineData("Silo:SiloPort", "0", "-1")]
    [InlineData("Silo:DrainSeconds", "3600", "3600.5")]
    [InlineData("Silo:Threads", "1024", "1025")]
    [InlineData("Silo:Devices", "cpu", "cpu,cpu")]
    [InlineData("Silo:Devices", " cpu ,", ",")]
    [InlineData("Silo:Address", "::1", "0.0.0.0")]
    [InlineData("Silo:Address", "127.0.0.2", "10.0.0.1")]
    [InlineData("Silo:GatewayPort", "8082", "8081")]
    [InlineData("Silo:ConnectionString", "Host=db;Password=secret", "Host=db;Pasword=secret")]
    [InlineData("Silo:ConnectionString", "Host=db", "Username=cosy")]
    [InlineData("Silo:Data", ".", "/dev/null/data")]
    [InlineData("Membership:ProbeSeconds", "0.5", "0.4")]
    [InlineData("Membership:MissedProbes", "20", "21")]
    [InlineData("Membership:Votes", "1", "0")]
    public void Read_BothSidesOfABound_OneIsAcceptedAndOneIsNot(string key, string good, string bad)
    {
        Read([.. Enough, (key, good)]);

        var e = Assert.Throws<SpeechException>(() => Read([.. Enough, (key, bad)]));

        Assert.Contains(key, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RemoteAddress_NeedsToBeAllowed()
    {
        var settings = Read([.. Enough, ("Silo:Address", "10.0.0.1"), ("Silo:AllowRemote", "true")]);

        Assert.Equal("10.0.0.1", settings.Silo.Address);
    }

    [Fact]
    public void Read_ModelGivenByTheHost_NeedsNoFolderAndAnyDevice()
    {
        var settings = SiloSettings.Read(Configuration(Enough[0], ("Silo:Devices", "a,b")), setup => setup.Load = _ => throw new NotSupportedException());

        Assert.Equal(["a", "b"], settings.Devices);
    }

    [Fact]
    public void Read_DevicesThatCannotBeUsed_NamesEach()
    {
        var e = Assert.Throws<SpeechException>(() => Read([.. Enough, ("Silo:Devices", "cpu,cuda:9,gpu,cpu")]));

        Assert.All(["cuda:9", "'gpu' is no device", "names a device twice"], part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }

#if TORCH
    [Fact]
    public void Read_SeveralDevices_EachByItsOneName()
    {
        Assert.Equal(["cpu", "torch:cpu"], Read([.. Enough, ("Silo:Devices", "cpu, torch:cpu")]).Devices);
        var e = Assert.Throws<SpeechException>(() => Read([.. Enough, ("Silo:Devices", "cuda,cuda:0")]));

        Assert.Contains("names a device twice", e.Message, StringComparison.Ordinal);
    }
#endif

    private static SiloSettings Read(params (string Key, string Value)[] values) => SiloSettings.Read(Configuration(values), configure: null);

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values)
    {
        // Later ones win, as on a command line.
        var unique = values.GroupBy(value => value.Key).Select(same => new KeyValuePair<string, string?>(same.Key, same.Last().Value));
        return new ConfigurationBuilder().AddInMemoryCollection(unique).Build();
    }
}
