namespace CosyOrleans.Client;

/// <summary>Which servers are asked, and how long each may take.</summary>
public sealed record SpeechClientOptions
{
    /// <summary>At least one, such as http://127.0.0.1:8080. All of them have the same voices and models.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>Sent with every request; null for servers that ask for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>For finding the address of a server's name.</summary>
    public TimeSpan DnsLimit { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>For connecting to it.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>For agreeing on encryption.</summary>
    public TimeSpan TlsLimit { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From the request to the first sound, on a connection that stands. Servers without a GPU need far more than the default of 300 ms.</summary>
    public TimeSpan FirstPacketLimit { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Between two arrivals of sound.</summary>
    public TimeSpan GapLimit { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">There is no server, or one is no http or https address.</exception>
    internal void Check()
    {
        if (Servers.Count == 0)
        {
            throw new ArgumentException("There is no server; at least one is needed.");
        }

        if (Servers.FirstOrDefault(server => !server.IsAbsoluteUri || server.Scheme is not ("http" or "https")) is { } wrong)
        {
            throw new ArgumentException($"'{wrong}' is no address of a server; give one such as http://127.0.0.1:8080.");
        }
    }

    internal TimeSpan LimitOf(SpeechStage stage) => stage switch
    {
        SpeechStage.Dns => DnsLimit,
        SpeechStage.Connect => ConnectLimit,
        SpeechStage.Tls => TlsLimit,
        SpeechStage.FirstPacket => FirstPacketLimit,
        _ => GapLimit,
    };
}

/// <summary>What a client may be waiting for.</summary>
public enum SpeechStage
{
    Dns,
    Connect,
    Tls,
    FirstPacket,

    /// <summary>More sound.</summary>
    Stream,
}
