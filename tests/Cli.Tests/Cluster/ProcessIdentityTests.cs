using System.Diagnostics;
using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Cli.Tests.Cluster;

public sealed class ProcessIdentityTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Of_ThisProcess_IsAliveAndSurvivesAFile()
    {
        var self = ProcessIdentity.Of(Environment.ProcessId)!;
        self.Write(_file);

        Assert.True(self.IsAlive);
        Assert.Equal(self, ProcessIdentity.Read(_file));
    }

    [Fact]
    public void IsAlive_IdIsUsedAgainByAnotherProcess_IsFalse()
    {
        var self = ProcessIdentity.Of(Environment.ProcessId)!;

        Assert.False((self with { StartedAt = self.StartedAt - 1 }).IsAlive);
        Assert.False((self with { Boot = "another start of the machine" }).IsAlive);
    }

    [Fact]
    public async Task IsAlive_ProcessHasEnded_IsFalse()
    {
        using var process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        var identity = ProcessIdentity.Of(process.Id)!;
        Assert.True(identity.IsAlive);

        process.StandardInput.Close();
        await process.WaitForExitAsync();

        Assert.False(identity.IsAlive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("a b c")]
    public void Read_NotAnIdentity_IsNothing(string text)
    {
        File.WriteAllText(_file, text);

        Assert.Null(ProcessIdentity.Read(_file));
    }

    [Fact]
    public void Read_NoFile_IsNothing() => Assert.Null(ProcessIdentity.Read(_file + ".not"));

    public void Dispose() => File.Delete(_file);
}
