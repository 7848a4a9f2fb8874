using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Frontend.Tests.DefaultVoice;

/// <summary>The whole server with the voice that the repository ships.</summary>
public sealed class DefaultVoiceServer : CosyServer
{
    // Unoptimised builds on a busy machine take minutes for eight speeches.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public DefaultVoiceServer() => Load = () => EngineModel.Load(ModelDirectory(), threads: Environment.ProcessorCount, maxConcurrent: 8);

    protected override void ConfigureClient(HttpClient client)
    {
        base.ConfigureClient(client);
        client.Timeout = Patience;
    }

    private static string ModelDirectory()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "CosyOrleans.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory!.FullName, "models", "default");
    }
}
