using System.Text;

namespace CosyOrleans.Frontend.Tests.Hostile.Fuzz;

/// <summary>A request as it goes over the wire, every part of which may be wrong.</summary>
/// <param name="Headers">Without those that say how long the body is.</param>
/// <param name="Messages">Of a WebSocket, after the server has agreed to it.</param>
internal sealed record RawRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, IReadOnlyList<byte[]> Messages)
{
    private static readonly (string, string)[] Upgrade =
    [
        ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    /// <summary>What is said instead of the body's true length; null for the truth.</summary>
    public string? Length { get; init; }

    /// <summary>The body in pieces that say themselves how long they are.</summary>
    public bool IsChunked { get; init; }

    public bool IsSocket => Messages.Count > 0;

    public static RawRequest Get(string target) => new("GET", target, [], [], []);

    public static RawRequest Of(string method, string target) => new(method, target, [], [], []);

    public static RawRequest Post(string target, string body, string type = "application/json") =>
        new("POST", target, [("Content-Type", type)], Encoding.UTF8.GetBytes(body), []);

    public static RawRequest Socket(string target, params string[] messages) =>
        new("GET", target, Upgrade, [], [.. messages.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>A form whose parts are fields, or files where their name ends with '@' and a file's name.</summary>
    public static RawRequest Form(string target, params (string Name, byte[] Content)[] parts)
    {
        const string boundary = "------cosy";
        using var body = new MemoryStream();
        foreach (var (name, content) in parts)
        {
            var file = name.Split('@') is [_, var given] ? $"; filename=\"{given}\"" : "";
            body.Write(Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"{name.Split('@')[0]}\"{file}\r\n\r\n"));
            body.Write(content);
            body.Write("\r\n"u8);
        }

        body.Write(Encoding.UTF8.GetBytes($"--{boundary}--\r\n"));
        return new RawRequest("POST", target, [("Content-Type", $"multipart/form-data; boundary={boundary}")], body.ToArray(), []);
    }

    public RawRequest With(string name, string value) => this with { Headers = [.. Headers, (name, value)] };

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        var closes = IsSocket ? "" : "Connection: close\r\n";
        bytes.Write(Encoding.UTF8.GetBytes($"{Method} {Target} HTTP/1.1\r\nHost: localhost\r\n{closes}"));
        foreach (var (name, value) in Headers)
        {
            bytes.Write(Encoding.UTF8.GetBytes($"{name}: {value}\r\n"));
        }

        if (IsChunked)
        {
            bytes.Write("Transfer-Encoding: chunked\r\n\r\n"u8);
            foreach (var chunk in Body.Chunk(1000))
            {
                bytes.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
                bytes.Write(chunk);
                bytes.Write("\r\n"u8);
            }

            bytes.Write("0\r\n\r\n"u8);
        }
        else
        {
            var length = Length ?? (Body.Length > 0 || Method is "POST" or "PATCH" ? $"{Body.Length}" : null);
            bytes.Write(Encoding.UTF8.GetBytes(length is null ? "\r\n" : $"Content-Length: {length}\r\n\r\n"));
            bytes.Write(Body);
        }

        return bytes.ToArray();
    }
}
