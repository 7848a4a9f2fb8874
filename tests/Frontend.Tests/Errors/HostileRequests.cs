using System.Text;

namespace CosyOrleans.Frontend.Tests.Errors;

/// <summary>Requests that must be turned away, and how.</summary>
internal static class HostileRequests
{
    private const string Invalid = "REQUEST_INVALID";

    public static IReadOnlyDictionary<string, HostileRequest> All { get; } =
        Json().Concat(Fields()).Concat(Texts()).Concat(OpenAi()).Concat(Forms()).Concat(Types()).Concat(Routes()).Concat(Origins())
            .ToDictionary(request => request.Name);

    private static IEnumerable<HostileRequest> Json()
    {
        yield return Tts("empty body", "", 400, Invalid);
        yield return Tts("only blanks", "   ", 400, Invalid);
        yield return Tts("cut off", """{"text":"hi" """, 400, Invalid);
        yield return Tts("two values", """{"text":"hi"}{}""", 400, Invalid);
        yield return Tts("comment", """{"text":"hi"/* */}""", 400, Invalid);
        yield return Tts("comma at the end", """{"text":"hi",}""", 400, Invalid);
        yield return Tts("single quotes", "{'text':'hi'}", 400, Invalid);
        yield return Tts("list", """["hi"]""", 400, Invalid);
        yield return Tts("string", "\"hi\"", 400, Invalid);
        yield return Tts("number", "7", 400, Invalid);
        yield return Tts("null", "null", 400, Invalid);
        yield return Tts("NaN", """{"text":"hi","speed":NaN}""", 400, Invalid);
        yield return Tts("Infinity", """{"text":"hi","speed":Infinity}""", 400, Invalid);
        yield return Tts("leading zero", """{"text":"hi","seed":01}""", 400, Invalid);
        yield return Tts("deep nesting", """{"text":""" + new string('[', 5000) + new string(']', 5000) + "}", 400, Invalid);
        yield return Tts("deep objects", string.Concat(Enumerable.Repeat("{\"a\":", 3000)), 400, Invalid);
        yield return Tts("control character in a string", "{\"text\":\"a\nb\"}", 400, Invalid);
        yield return Tts("bad escape", """{"text":"\x"}""", 400, Invalid);
        yield return Tts("NUL between tokens", "{\"text\":\0\"hi\"}", 400, Invalid);
        yield return TtsBytes("bytes that are no UTF-8", [.. "{\"text\":\"caf"u8, 0xE9, .. "\"}"u8], 400, "TEXT_UNSUPPORTED");
        yield return TtsBytes("UTF-16", Encoding.Unicode.GetBytes("""{"text":"hi"}"""), 400, Invalid);
        yield return TtsBytes("random bytes", [0, 255, 254, 1, 2, 3, 128], 400, Invalid);
    }

    private static IEnumerable<HostileRequest> Fields()
    {
        yield return Tts("no fields", "{}", 400, Invalid);
        yield return Tts("unknown field", """{"text":"hi","volume":3}""", 400, Invalid);
        yield return Tts("field in other letters", """{"Text":"hi"}""", 400, Invalid);
        yield return Tts("prototype", """{"text":"hi","__proto__":{"a":1}}""", 400, Invalid);
        yield return Tts("a thousand unknown fields", "{" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"\"f{i}\":1,")) + "\"text\":\"hi\"}", 400, Invalid);
        yield return Tts("name with half a surrogate pair", """{"text":"hi","\ud800":1}""", 400, Invalid);
        yield return Tts("field twice", """{"text":"hi","text":"ho"}""", 400, Invalid);
        yield return Tts("field twice, once escaped", """{"text":"hi","te\u0078t":"ho"}""", 400, Invalid);
        yield return Tts("text null", """{"text":null}""", 400, Invalid);
        yield return Tts("text number", """{"text":1}""", 400, Invalid);
        yield return Tts("text list", """{"text":["hi"]}""", 400, Invalid);
        yield return Tts("text object", """{"text":{"a":"hi"}}""", 400, Invalid);
        yield return Tts("stream text", """{"text":"hi","stream":"yes"}""", 400, Invalid);
        yield return Tts("stream number", """{"text":"hi","stream":1}""", 400, Invalid);
        yield return Tts("speed text", """{"text":"hi","speed":"fast"}""", 400, Invalid);
        yield return Tts("speed 0", """{"text":"hi","speed":0}""", 400, Invalid);
        yield return Tts("speed negative", """{"text":"hi","speed":-1}""", 400, Invalid);
        yield return Tts("speed too fast", """{"text":"hi","speed":2.01}""", 400, Invalid);
        yield return Tts("speed beyond double", """{"text":"hi","speed":1e400}""", 400, Invalid);
        yield return Tts("seed 0", """{"text":"hi","seed":0}""", 400, Invalid);
        yield return Tts("seed negative", """{"text":"hi","seed":-5}""", 400, Invalid);
        yield return Tts("seed too large", """{"text":"hi","seed":100000001}""", 400, Invalid);
        yield return Tts("seed beyond 64 bits", """{"text":"hi","seed":99999999999999999999}""", 400, Invalid);
        yield return Tts("seed of a thousand digits", $$"""{"text":"hi","seed":{{new string('9', 1000)}}}""", 400, Invalid);
        yield return Tts("seed with a fraction", """{"text":"hi","seed":1.5}""", 400, Invalid);
        yield return Tts("seed text", """{"text":"hi","seed":"1"}""", 400, Invalid);
        yield return Tts("voice unknown", """{"text":"hi","speaker_id":"zoe"}""", 400, "VOICE_UNKNOWN");
        yield return Tts("voice empty", """{"text":"hi","speaker_id":""}""", 400, "VOICE_UNKNOWN");
        yield return Tts("voice path", """{"text":"hi","speaker_id":"../../../etc/passwd"}""", 400, "VOICE_UNKNOWN");
        yield return Tts("voice with control characters", """{"text":"hi","speaker_id":"\u001b[2J\r\nSet-Cookie: a=b"}""", 400, "VOICE_UNKNOWN");
        yield return Tts("voice very long", $$"""{"text":"hi","speaker_id":"{{new string('v', 100_000)}}"}""", 400, "VOICE_UNKNOWN");
        yield return Tts("voice object", """{"text":"hi","speaker_id":{"id":"amy"}}""", 400, Invalid);
        yield return Tts("task path", """{"text":"hi","task_id":"../../x"}""", 400, Invalid);
        yield return Tts("task with a line break", """{"text":"hi","task_id":"a\r\nX-Evil: 1"}""", 400, Invalid);
        yield return Tts("task empty", """{"text":"hi","task_id":""}""", 400, Invalid);
        yield return Tts("task too long", $$"""{"text":"hi","task_id":"{{new string('t', 65)}}"}""", 400, Invalid);
        yield return Tts("mode unknown", """{"text":"hi","mode":"sing"}""", 400, Invalid);
        yield return Tts("zero_shot without recording", """{"text":"hi","mode":"zero_shot"}""", 400, "VOICE_UNSUITABLE");
        yield return Tts("format unknown", """{"text":"hi","format":"exe"}""", 400, Invalid);
        yield return Tts("sample rate of nobody", """{"text":"hi","sample_rate":11025}""", 400, Invalid);
        yield return Tts("sample rate below zero", """{"text":"hi","sample_rate":-9223372036854775808}""", 400, Invalid);
        yield return Tts("reference audio", """{"text":"hi","reference_audio":"UklGRg="}""", 400, "RECORDING_INVALID");
        yield return Tts("emotion", """{"text":"hi","emotion":"bored"}""", 400, Invalid);
        yield return Tts("vc without anything", """{"mode":"vc"}""", 400, Invalid);
        yield return Tts("no text", """{"mode":"sft"}""", 400, Invalid);
        yield return Tts("all wrong at once", """{"text":"","speed":9,"seed":0,"speaker_id":"zoe","task_id":"/","mode":"x","format":"y","z":1}""", 400, Invalid);
    }

    private static IEnumerable<HostileRequest> Texts()
    {
        yield return Tts("text empty", """{"text":""}""", 400, "TEXT_EMPTY");
        yield return Tts("text blank", """{"text":" \t\n\u3000\u00a0 "}""", 400, "TEXT_EMPTY");
        yield return Tts("text punctuation", """{"text":"?!… 。，——"}""", 400, "TEXT_EMPTY");
        yield return Tts("text emoji", """{"text":"😀😀"}""", 400, "TEXT_EMPTY");
        yield return Tts("text invisible", """{"text":"\u200b\u200d\ufeff"}""", 400, "TEXT_EMPTY");
        yield return Tts("text with NUL", """{"text":"a\u0000b"}""", 400, "TEXT_UNSUPPORTED");
        yield return Tts("text with escape", """{"text":"a\u001b[31mb"}""", 400, "TEXT_UNSUPPORTED");
        yield return Tts("text with half a surrogate pair", """{"text":"a\ud83db"}""", 400, "TEXT_UNSUPPORTED");
        yield return Tts("text with reversed surrogates", """{"text":"\ude00\ud83d"}""", 400, "TEXT_UNSUPPORTED");
        yield return Tts("text with replacement characters", """{"text":"caf\ufffd"}""", 400, "TEXT_UNSUPPORTED");
        yield return Tts("text too long", $$"""{"text":"{{new string('a', 10_001)}}"}""", 400, "TEXT_TOO_LONG");
        yield return Tts("text as large as recordings may be", $$"""{"text":"{{new string('a', 1 << 20)}}"}""", 400, "TEXT_TOO_LONG");
        yield return new("text larger than a body may be", () => Post("/v1/audio/speech", $$"""{"input":"{{new string('a', 1 << 20)}}"}"""), 413, "REQUEST_TOO_LARGE");
    }

    private static IEnumerable<HostileRequest> OpenAi()
    {
        HostileRequest Speech(string name, string json, string code) => new("openai: " + name, () => Post("/v1/audio/speech", json), 400, code);

        yield return Speech("no fields", "{}", Invalid);
        yield return Speech("fields of /tts", """{"text":"hi","speaker_id":"amy"}""", Invalid);
        yield return Speech("model unknown", """{"model":"gpt-5","input":"hi","voice":"amy","response_format":"wav"}""", "MODEL_UNKNOWN");
        yield return Speech("voice number", """{"input":"hi","voice":7}""", Invalid);
        yield return Speech("voice object without id", """{"input":"hi","voice":{"name":"amy"}}""", Invalid);
        yield return Speech("voice object with more", """{"input":"hi","voice":{"id":"amy","x":1}}""", Invalid);
        yield return Speech("voice unknown", """{"input":"hi","voice":"alloy","response_format":"wav"}""", "VOICE_UNKNOWN");
        yield return Speech("input empty", """{"input":"","voice":"amy","response_format":"wav"}""", "TEXT_EMPTY");
        yield return Speech("speed", """{"input":"hi","voice":"amy","speed":4}""", Invalid);
        yield return Speech("instructions", $$"""{"input":"hi","voice":"amy","instructions":"{{new string('a', 501)}}"}""", Invalid);
        yield return Speech("stream_format", """{"input":"hi","voice":"amy","stream_format":"video","response_format":"wav"}""", Invalid);
        yield return new("openai: form", () => With("/v1/audio/speech", new FormUrlEncodedContent([new("input", "hi")])), 415, "MEDIA_TYPE_UNSUPPORTED");
    }

    private static IEnumerable<HostileRequest> Forms()
    {
        HostileRequest Form(string name, string body, string code) =>
            new("form: " + name, () => With("/tts", Typed(Encoding.Latin1.GetBytes(body), "application/x-www-form-urlencoded")), 400, code);

        HostileRequest Multipart(string name, string body, string type = "multipart/form-data; boundary=b") =>
            new("multipart: " + name, () => With("/tts", Typed(Encoding.UTF8.GetBytes(body.ReplaceLineEndings("\r\n")), type)), 400, Invalid);

        const string Part = "--b\nContent-Disposition: form-data; name=\"text\"\n\nhi\n";
        yield return Form("empty", "", Invalid);
        yield return Form("unknown field", "text=hi&volume=3", Invalid);
        yield return Form("field twice", "text=hi&text=ho", Invalid);
        yield return Form("voice under both names", "text=hi&speaker_id=amy&audio_path=ben", Invalid);
        yield return Form("server path", "text=hi&audio_path=/etc/passwd", "VOICE_UNKNOWN");
        yield return Form("seed text", "text=hi&seed=abc", Invalid);
        yield return Form("speed NaN", "text=hi&speed=NaN", Invalid);
        yield return Form("speed with a comma", "text=hi&speed=1,5", Invalid);
        yield return Form("stream", "text=hi&stream=maybe", Invalid);
        yield return Form("bytes that are no UTF-8", "text=caf\u00e9", "TEXT_UNSUPPORTED");
        yield return Form("a hundred fields", string.Join('&', Enumerable.Range(0, 100).Select(i => $"f{i}=1")), Invalid);
        yield return Form("very long name", new string('n', 5000) + "=1", Invalid);
        yield return Multipart("cut off", Part);
        yield return Multipart("no parts", "nothing");
        yield return Multipart("no boundary", Part + "--b--\n", "multipart/form-data");
        yield return Multipart("other boundary", Part + "--b--\n", "multipart/form-data; boundary=c");
        yield return Multipart("part without a name", "--b\n\nhi\n--b--\n");
        yield return new(
            "multipart: file",
            () => With("/tts", new MultipartFormDataContent { { new StringContent("hi"), "text" }, { new ByteArrayContent([1, 2]), "reference_audio", "a.wav" } }),
            400,
            "NOT_OFFERED");
    }

    private static IEnumerable<HostileRequest> Types()
    {
        HostileRequest Typed(string name, string? type, string? encoding = null) => new(
            "type: " + name,
            () =>
            {
                var request = With("/tts", HostileRequests.Typed("""{"text":"hi"}"""u8.ToArray(), type));
                if (encoding is not null)
                {
                    request.Content!.Headers.ContentEncoding.Add(encoding);
                }

                return request;
            },
            415,
            "MEDIA_TYPE_UNSUPPORTED");

        yield return Typed("none", null);
        yield return Typed("text", "text/plain");
        yield return Typed("xml", "application/xml");
        yield return Typed("nonsense", "json");
        yield return Typed("UTF-16", "application/json; charset=utf-16");
        yield return Typed("compressed", "application/json", "gzip");
    }

    private static IEnumerable<HostileRequest> Routes()
    {
        HostileRequest Route(string name, string method, string path, int status, string code) =>
            new("route: " + name, () => new HttpRequestMessage(new HttpMethod(method), path), status, code);

        yield return Route("unknown", "GET", "/nope", 404, "ROUTE_UNKNOWN");
        yield return Route("unknown, posted", "POST", "/v1/audio/nope", 404, "ROUTE_UNKNOWN");
        yield return Route("path to a file", "GET", "/..%2f..%2fetc/passwd", 404, "ROUTE_UNKNOWN");
        yield return Route("file of the page that is not there", "GET", "/app.js.map", 404, "ROUTE_UNKNOWN");
        yield return Route("markup", "GET", "/%3Cscript%3Ealert(1)%3C/script%3E", 404, "ROUTE_UNKNOWN");
        yield return Route("very long name", "GET", "/" + new string('x', 5000), 404, "ROUTE_UNKNOWN");
        yield return Route("GET", "GET", "/tts", 405, "METHOD_NOT_ALLOWED");
        yield return Route("PUT", "PUT", "/tts", 405, "METHOD_NOT_ALLOWED");
        yield return Route("DELETE", "DELETE", "/v1/audio/voices", 405, "METHOD_NOT_ALLOWED");
        yield return Route("method of nobody", "BREW", "/tts", 405, "METHOD_NOT_ALLOWED");
        yield return Route("preflight", "OPTIONS", "/tts", 405, "METHOD_NOT_ALLOWED");
        yield return Route("very long query", "GET", "/healthz?" + new string('q', 10_000), 414, "URI_TOO_LONG");
        yield return new("route: large headers", () => With("/tts", null, ("X-Large", new string('h', 40_000))), 431, "HEADERS_TOO_LARGE");
        yield return new("route: many headers", () => With("/tts", null, [.. Enumerable.Range(0, 80).Select(i => ($"X-{i}", new string('h', 500)))]), 431, "HEADERS_TOO_LARGE");
    }

    private static IEnumerable<HostileRequest> Origins()
    {
        yield return new("origin: name pointed at this machine", () => With("/tts", null, ("Host", "evil.example")), 403, "HOST_NOT_ALLOWED");
        yield return new("origin: page elsewhere", () => With("/tts", null, ("Origin", "https://evil.example")), 403, "ORIGIN_NOT_ALLOWED");
        yield return new("origin: none", () => With("/tts", null, ("Origin", "null")), 403, "ORIGIN_NOT_ALLOWED");
    }

    private static HostileRequest Tts(string name, string json, int status, string code) => TtsBytes(name, Encoding.UTF8.GetBytes(json), status, code);

    private static HostileRequest TtsBytes(string name, byte[] body, int status, string code) =>
        new(name, () => With("/tts", Typed(body, "application/json")), status, code);

    private static HttpRequestMessage Post(string path, string json) => With(path, Typed(Encoding.UTF8.GetBytes(json), "application/json"));

    private static HttpRequestMessage With(string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach ((var name, var value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static ByteArrayContent Typed(byte[] body, string? type)
    {
        var content = new ByteArrayContent(body);
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return content;
    }
}

/// <param name="Build">A fresh request each time; the address is relative to the server's.</param>
internal sealed record HostileRequest(string Name, Func<HttpRequestMessage> Build, int Status, string Code);
