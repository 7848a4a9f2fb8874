using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CosyOrleans.Frontend.Tests.Hostile.Fuzz;

/// <summary>A valid request with something wrong in one or two of its parts, or in nothing.</summary>
internal static class MutatedRequest
{
    private const int LargeBody = 1_500_000;

    private static readonly string[] Ids =
    [
        "..", "../..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%00", "kept%00", "%2Fetc%2Fpasswd", "~", "acme~kept", "%ff%fe", "a%0d%0aX-Evil:1", ".", "", "CON", "kept%20", "-1",
        "nobody", "%E2%80%AE", "%", "%zz", "*", "kept;x", new string('a', 300), new string('%', 50), "😀",
    ];

    private static readonly string[] Numbers = ["-1", "0", "1", "65536", "2147483648", "99999999999999999999", "1e400", "-0.0", "NaN", "1.5", "٣", " 7", "0x10", "true", ""];

    private static readonly (string Name, string[] Values)[] Headers =
    [
        ("Content-Type", ["text/plain", "", "application/json; charset=utf-16", "multipart/form-data", "multipart/form-data; boundary=\"", "application/epub+zip", "application/x-ndjson", "text/csv; header=absent", "a/b/c;;;="]),
        ("Range", ["bytes=0-", "bytes=5-2", "bytes=99999999999999999999-", "bytes=-0", "bytes=0-1,3-4,6-7,1-9", "items=1-2"]),
        ("Last-Event-ID", ["-1", "x", "9223372036854775807", "99999999999999999999", ""]),
        ("Idempotency-Key", ["", "a", "\u00e9\u4f60", "../..", "a,b"]), ("Webhook-Secret", ["", "short", "0123456789abcdef"]),
        ("Accept", ["*/*;q=x", "application/xml"]), ("Accept-Encoding", ["gzip, br", "identity;q=0", "*;q=0"]), ("Content-Encoding", ["gzip", "identity", "br"]),
        ("If-None-Match", ["*", "W/\"x\"", "\""]), ("If-Modified-Since", ["yesterday"]), ("If-Range", ["\"x\""]), ("Expect", ["100-continue", "200-ok"]),
        ("Origin", ["http://evil.example", "null", "http://localhost"]), ("Host", ["evil.example", "", "localhost:99999", "[::1"]), ("Authorization", ["Bearer", "Bearer x", "Basic \u00ff", ""]),
        ("X-DashScope-SSE", ["enable", "\u0001"]), ("Upgrade", ["websocket", "h2c"]), ("Connection", ["Upgrade", "keep-alive", "close, Upgrade"]),
        ("Sec-WebSocket-Version", ["12", "13", "x"]), ("Sec-WebSocket-Key", ["x", ""]), ("Sec-WebSocket-Protocol", ["a, b"]), ("Sec-WebSocket-Extensions", ["permessage-deflate; client_max_window_bits"]),
        ("Transfer-Encoding", ["gzip", "chunked, chunked", "identity"]), ("Cookie", ["a=b; c=\"", "\u0000"]), ("X-Forwarded-For", ["127.0.0.1"]), ("Content-Disposition", ["form-data"]),
    ];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "BREW"];

    public static RawRequest Of(RawRequest good, Random random)
    {
        var request = good;
        for (var changes = random.Next(3); changes > 0; changes--)
        {
            request = Change(request, random);
        }

        return request with { IsChunked = request.Body.Length > 0 && random.Next(8) == 0 };
    }

    private static RawRequest Change(RawRequest request, Random random) => random.Next(10) switch
    {
        0 or 1 when request.IsSocket => request with { Messages = Messages(request.Messages, random) },
        0 when request.Body.Length > 0 => request with { Body = MutatedBytes.Of(request.Body, random) },
        1 or 2 or 3 when request.Body.Length > 0 => request with { Body = Json(request.Body, random) },
        4 => Header(request, random),
        5 => request with { Target = Target(request.Target, random) },
        6 => request with { Target = Query(request.Target, random) },
        7 when request.Body.Length > 0 => Size(request, random),
        8 when random.Next(3) == 0 => request with { Method = Pick(Methods, random) },
        _ when request.IsSocket => request with { Messages = Messages(request.Messages, random) },
        _ => request with { Target = Target(request.Target, random) },
    };

    private static byte[][] Messages(IReadOnlyList<byte[]> good, Random random)
    {
        var messages = good.ToList();
        var at = random.Next(messages.Count);
        switch (random.Next(5))
        {
            case 0:
                messages.RemoveAt(at);
                break;
            case 1:
                messages.Insert(at, messages[random.Next(messages.Count)]);
                break;
            case 2:
                messages[at] = MutatedBytes.Of(messages[at], random);
                break;
            default:
                messages[at] = Json(messages[at], random);
                break;
        }

        return messages.Count == 0 ? [[]] : [.. messages];
    }

    private static RawRequest Header(RawRequest request, Random random)
    {
        var (name, values) = Pick(Headers, random);
        var others = request.Headers.Where(header => random.Next(2) == 0 || !header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var value = random.Next(12) == 0 ? new string('x', random.Next(200_000)) : Pick(values, random);
        return request with { Headers = [.. others, (name, value)] };
    }

    private static string Target(string target, Random random)
    {
        var parts = target.Split('?');
        var segments = parts[0].Split('/');
        segments[random.Next(segments.Length)] = Pick(Ids, random);
        return string.Join('/', segments) + (parts.Length > 1 ? $"?{parts[1]}" : "");
    }

    private static string Query(string target, Random random)
    {
        var (path, query) = target.Split('?') is [var before, var given] ? (before, given.Split('&').ToList()) : (target, []);
        if (query.Count > 0 && random.Next(2) == 0)
        {
            var at = random.Next(query.Count);
            query[at] = $"{query[at].Split('=')[0]}={Uri.EscapeDataString(Pick(random.Next(2) == 0 ? Numbers : ["..", "\0", "\u00ff", "a&b", new string('q', 3000)], random))}";
        }
        else
        {
            var names = new[] { "id", "voice", "format", "limit", "from", "status", "seed", "speed", "pause", "assembly", "split", "webhook", "output_format", "x", "", "%00" };
            query.Add($"{Pick(names, random)}={Pick(Numbers, random)}");
        }

        return $"{path}?{string.Join('&', query)}";
    }

    private static RawRequest Size(RawRequest request, Random random) => random.Next(5) switch
    {
        0 => request with { Body = request.Body[..random.Next(request.Body.Length)] },
        1 => request with { Body = [.. request.Body, .. request.Body] },
        2 when random.Next(4) == 0 => request with { Body = [.. Enumerable.Repeat(request.Body, 1 + (random.Next(LargeBody) / request.Body.Length)).SelectMany(body => body)] },
        3 => request with { Length = Pick(["0", "1", "-1", "99999999999", "9223372036854775807", "x", $"{request.Body.Length + 10}", $"{request.Body.Length - 1}"], random) },
        _ => request with { Body = [] },
    };

    /// <summary>Something else in place of one of its values, one more, or one less; bytes changed where it is no JSON.</summary>
    private static byte[] Json(byte[] body, Random random)
    {
        try
        {
            return Json(JsonNode.Parse(body)!, random);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return MutatedBytes.Of(body, random); // Spoiled before.
        }
    }

    private static byte[] Json(JsonNode root, Random random)
    {
        var all = new List<JsonNode>();
        Collect(root, all);
        if (all.Count == 0)
        {
            return Encoding.UTF8.GetBytes(root.ToJsonString());
        }

        var chosen = Pick(all, random);
        // As text, because much of it is what no JSON library writes.
        var mark = $"mark{random.Next()}";
        switch (random.Next(6))
        {
            case 0 when chosen.Parent is JsonObject parent:
                parent.Remove(chosen.GetPropertyName());
                break;
            case 1 when chosen is JsonObject some:
                some[Pick(["x", "__proto__", "text", "id", "", "\0"], random)] = mark;
                break;
            case 2 when chosen is JsonArray list:
                list.Add(mark);
                break;
            default:
                chosen.ReplaceWith(mark);
                break;
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString().Replace($"\"{mark}\"", Value(random), StringComparison.Ordinal));
    }

    private static string Value(Random random) => random.Next(20) switch
    {
        0 => "null",
        1 => "true",
        2 => "[]",
        3 => "{}",
        4 => new string('[', 200) + new string(']', 200),
        5 => "\"\"",
        6 => "\"\\u0000\\ud800\"",
        7 => $"\"{new string('a', random.Next(20_000))}\"",
        8 => "\"../../etc/passwd\"",
        9 => "{\"id\":\"amy\"}",
        10 => "[1,\"x\",null]",
        11 => "\"<speak>&x;</speak>\"",
        12 => "\"😀 你好 \\u202e \\ufeff\"",
        13 => $"\"{Pick(["pcm", "wav", "flac", "mp3", "opus", "aac", "midi"], random)}\"",
        14 => $"\"{Pick(["zero_shot", "cross_lingual", "instruct", "vc", "sft", "sing"], random)}\"",
        15 => "\"AAAA\"",
        16 => "\"kept\"",
        _ => Pick(Numbers[..8], random),
    };

    private static void Collect(JsonNode? node, List<JsonNode> into)
    {
        switch (node)
        {
            case JsonObject some:
                foreach (var (_, value) in some)
                {
                    Add(value);
                }

                break;
            case JsonArray list:
                foreach (var value in list)
                {
                    Add(value);
                }

                break;
        }

        void Add(JsonNode? value)
        {
            if (value is not null)
            {
                into.Add(value);
                Collect(value, into);
            }
        }
    }

    private static T Pick<T>(IReadOnlyList<T> of, Random random) => of[random.Next(of.Count)];
}
