using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Frontend.Tests.Browser;

/// <summary>The whole server with a small made-up model that has the networks to learn voices.</summary>
public sealed class EnrollingServer : CosyServer
{
    public EnrollingServer() => Load = () => EngineModel.Load(Path.Combine(Fixture, "model"), threads: 1, maxConcurrent: 2);

    /// <summary>A person speaking, 1.37 seconds, 24 kHz.</summary>
    public static string Recording => Path.Combine(Fixture, "prompt.wav");

    private static string Fixture
    {
        get
        {
            DirectoryInfo? directory = new(AppContext.BaseDirectory);
            while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "CosyOrleans.sln")))
            {
                directory = directory.Parent;
            }

            return Path.Combine(directory!.FullName, "tests", "fixtures", "model_v2");
        }
    }
}
