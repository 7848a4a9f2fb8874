using System.Text;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Frontend.Tests.Hostile.Fuzz;

/// <summary>What may be asked of every route, as somebody does who has read the documentation.</summary>
internal static class ValidRequests
{
    private const string Tts = """{"text":"One two. Three.","speaker_id":"amy","seed":7,"speed":1.5,"stream":true,"format":"pcm","sample_rate":16000,"task_id":"t1"}""";

    private const string Cloning =
        """{"text":"One two.","mode":"zero_shot","reference_audio":"UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=","reference_text":"Hello.","seed":3}""";

    private const string Job =
        """{"id":"kept","voice":"amy","format":"wav","seed":5,"max_in_flight":2,"items":[{"text":"One two.","name":"a.wav"},"Three.",{"text":"Four.","task_id":"x","speed":1.2}]}""";

    private const string BookJob =
        """{"id":"book","assembly":"wav","title":"T","author":"A","pause":0.5,"webhook":"https://127.0.0.1/x","webhook_secret":"0123456789abcdef","items":["a"]}""";

    private const string Templates = """{"id":"dub","texts":[{"id":"a","text":"One {name}."}],"voices":["amy","ben"],"styles":[{"id":"s","emotion":"sad"}]}""";

    private static readonly byte[] Recording = [.. "RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0"u8, .. new byte[2000]];

    /// <summary>By method and route.</summary>
    /// <param name="node">The name of the one node.</param>
    public static IReadOnlyDictionary<string, RawRequest[]> All(string node)
    {
        var voices = SavedVoices.Of("eve", "fay");
        var exported = ExportedVoice.Write(TestVoices.Plain("kept"));
        Dictionary<string, RawRequest[]> all = new()
        {
            ["GET /v1/tts/ws"] =
            [
                RawRequest.Socket(
                    "/v1/tts/ws", """{"type":"start","speaker_id":"ben","seed":3,"format":"pcm"}""", """{"type":"text","text":"One two "}""", """{"type":"flush"}""",
                    """{"type":"buffer","milliseconds":200}""", """{"type":"text","text":"three."}""", """{"type":"end"}"""),
                RawRequest.Socket("/v1/tts/ws", """{"type":"start","text":"One two."}""", """{"type":"cancel"}""", Cloning.Replace("{\"text\"", "{\"type\":\"start\",\"text\"", StringComparison.Ordinal)),
            ],
            ["GET /api-ws/v1/inference"] =
            [
                RawRequest.Socket(
                    "/api-ws/v1/inference",
                    """{"header":{"action":"run-task","task_id":"t","streaming":"duplex"},"payload":{"task_group":"audio","task":"tts","function":"SpeechSynthesizer","model":"cosyvoice-v2","parameters":{"voice":"ben","format":"pcm","sample_rate":24000,"seed":7,"volume":50,"rate":1.0,"pitch":1.0,"text_type":"PlainText"},"input":{}}}""",
                    """{"header":{"action":"continue-task","task_id":"t"},"payload":{"input":{"text":"One two."}}}""",
                    """{"header":{"action":"continue-task","task_id":"t"},"payload":{"input":{"flush":true}}}""",
                    """{"header":{"action":"finish-task","task_id":"t"},"payload":{"input":{}}}"""),
            ],
            ["GET /v1/text-to-speech/{voice}/stream-input"] =
            [
                RawRequest.Socket(
                    "/v1/text-to-speech/ben/stream-input?output_format=pcm_24000&inactivity_timeout=5&seed=3", """{"text":" ","voice_settings":{"speed":1.1}}""",
                    """{"text":"One two ","try_trigger_generation":true}""", """{"text":"three. ","flush":true}""", """{"text":""}"""),
            ],
            ["POST /tts"] =
            [
                RawRequest.Post("/tts", Tts), RawRequest.Post("/tts", Cloning), RawRequest.Post("/tts", "text=One+two.&seed=7", "application/x-www-form-urlencoded"),
                RawRequest.Form("/tts", ("text", "One two."u8.ToArray()), ("seed", "7"u8.ToArray())),
                RawRequest.Post("/tts", """{"text":"One.","mode":"instruct","instruct_text":"softly","emotion":"sad","dialect":"sichuan"}"""),
            ],
            ["POST /tts/timestamps"] = [RawRequest.Post("/tts/timestamps", """{"text":"One two. Three.","seed":7,"format":"wav"}""")],
            ["POST /v1/audio/speech"] =
            [
                RawRequest.Post("/v1/audio/speech", """{"model":"tts-1","input":"One two.","voice":{"id":"amy"},"response_format":"pcm","stream_format":"sse","seed":3}"""),
                RawRequest.Post("/v1/audio/speech", """{"input":"One two.","voice":"ben","response_format":"wav","speed":1.2,"instructions":"softly"}"""),
            ],
            ["POST /v1/text-to-speech/{voice}"] =
                [RawRequest.Post("/v1/text-to-speech/amy?output_format=pcm_24000", """{"text":"One.","model_id":"m","voice_settings":{"speed":1.1},"seed":3}""")],
            ["POST /v1/text-to-speech/{voice}/stream"] = [RawRequest.Post("/v1/text-to-speech/amy/stream?output_format=pcm_8000", """{"text":"One.","seed":0}""")],
            ["POST /api/v1/services/audio/tts/SpeechSynthesizer"] =
            [
                RawRequest.Post("/api/v1/services/audio/tts/SpeechSynthesizer", """{"model":"m","input":{"text":"One.","voice":"ben","format":"pcm","volume":50,"rate":1.0,"seed":1}}"""),
                RawRequest.Post("/api/v1/services/audio/tts/SpeechSynthesizer", """{"input":{"text":"One two."},"parameters":{"voice":"ben","format":"pcm"}}""").With("X-DashScope-SSE", "enable"),
            ],
            ["POST /api/v1/services/audio/tts/customization"] =
            [
                .. new[]
                {
                    """{"model":"voice-enrollment","input":{"action":"create_voice","target_model":"m","prefix":"p","url":"http://127.0.0.1/x"}}""",
                    """{"model":"voice-enrollment","input":{"action":"list_voice","page_index":1,"page_size":10,"prefix":"p"}}""",
                    """{"model":"voice-enrollment","input":{"action":"query_voice","voice_id":"kept"}}""",
                    """{"model":"voice-enrollment","input":{"action":"update_voice","voice_id":"kept","url":"http://[::1]/x"}}""",
                    """{"model":"voice-enrollment","input":{"action":"delete_voice","voice_id":"kept"}}""",
                }.Select(body => RawRequest.Post("/api/v1/services/audio/tts/customization", body)),
            ],
            ["POST /v1/audio/voices"] =
            [
                RawRequest.Form("/v1/audio/voices", ("file@spk2info.pt", voices), ("voice", "eve"u8.ToArray()), ("id", "kept"u8.ToArray()), ("name", "Eve"u8.ToArray()), ("model_kind", "tone"u8.ToArray())),
                RawRequest.Form("/v1/audio/voices", ("file@kept.safetensors", exported)),
                RawRequest.Form("/v1/audio/voices", ("recording@me.wav", Recording), ("id", "mine"u8.ToArray()), ("transcript", "Hello."u8.ToArray()), ("consent", "Yes."u8.ToArray())),
                RawRequest.Form("/v1/audio/voices", ("name", "Ann"u8.ToArray()), ("consent", "c"u8.ToArray()), ("audio_sample@ann.wav", Recording)),
            ],
            ["GET /v1/audio/voices/{id}"] = [RawRequest.Get("/v1/audio/voices/kept"), RawRequest.Get("/v1/audio/voices/amy")],
            ["GET /v1/audio/voices/{id}/file"] = [RawRequest.Get("/v1/audio/voices/kept/file")],
            ["PATCH /v1/audio/voices/{id}"] = [RawRequest.Post("/v1/audio/voices/kept", """{"name":"Eve","owner":"me","consent":"yes","id":"kept2"}""") with { Method = "PATCH" }],
            ["DELETE /v1/audio/voices/{id}"] = [RawRequest.Of("DELETE", "/v1/audio/voices/kept2")],
            ["POST /v1/nodes/{name}/drain"] = [RawRequest.Of("POST", $"/v1/nodes/{node}x/drain")],
            ["POST /v1/nodes/{name}/resume"] = [RawRequest.Of("POST", $"/v1/nodes/{node}/resume")],
            ["POST /v1/feedback"] = [RawRequest.Post("/v1/feedback", """{"task_id":"t1","score":4,"comment":"Good."}""")],
            ["POST /v1/jobs"] =
            [
                .. new[] { Job, BookJob, Templates }.Select(body => RawRequest.Post("/v1/jobs", body)),
                RawRequest.Post("/v1/jobs?id=lines&seed=3", "{\"text\":\"One.\"}\n\"Two.\"\n", "application/x-ndjson"),
                RawRequest.Post("/v1/jobs?id=text&split=line&voice=ben", "One.\nTwo.\n\nThree.", "text/plain"),
                RawRequest.Post("/v1/jobs?id=table", "text,voice,seed\n\"One, two\",amy,3\nThree,ben,4\n", "text/csv"),
                new("POST", "/v1/jobs?id=epub&assembly=wav", [("Content-Type", "application/epub+zip"), ("Webhook-Secret", "0123456789abcdef")], new Service.Tests.Books.TestBook().Write().ToArray(), []),
                RawRequest.Post("/v1/jobs", """["One.","Two."]""").With("Idempotency-Key", "again"),
            ],
            ["GET /openapi/{documentName}.json"] = [RawRequest.Get("/openapi/v1.json")],
            ["GET /v1/jobs/{id}"] = [RawRequest.Get("/v1/jobs/kept")],
            ["DELETE /v1/jobs/{id}"] = [RawRequest.Of("DELETE", "/v1/jobs/text"), RawRequest.Of("DELETE", "/v1/jobs/kept")],
            ["GET /v1/jobs/{id}/items"] = [RawRequest.Get("/v1/jobs/kept/items?from=1&limit=10&status=done")],
            ["GET /v1/jobs/{id}/items/{name}"] = [RawRequest.Get("/v1/jobs/kept/items/a.wav").With("Range", "bytes=10-99")],
            ["GET /v1/jobs/{id}/events"] = [RawRequest.Get("/v1/jobs/kept/events").With("Last-Event-ID", "3")],
        };
        foreach (var word in new[] { "download", "manifest", "assembly", "assembly/srt", "assembly/vtt" })
        {
            all[$"GET /v1/jobs/{{id}}/{word}"] = [RawRequest.Get($"/v1/jobs/kept/{word}"), RawRequest.Get($"/v1/jobs/epub/{word}").With("Range", "bytes=-5")];
        }

        foreach (var word in new[] { "pause", "resume", "cancel", "retry" })
        {
            all[$"POST /v1/jobs/{{id}}/{word}"] = [RawRequest.Of("POST", $"/v1/jobs/kept/{word}"), RawRequest.Of("POST", $"/v1/jobs/lines/{word}")];
        }

        foreach (var mode in new[] { "sft", "zero_shot", "cross_lingual", "instruct", "instruct2" })
        {
            (string, byte[])[] parts =
            [
                ("tts_text", "One."u8.ToArray()), ("spk_id", "amy"u8.ToArray()), ("prompt_text", "Two."u8.ToArray()), ("instruct_text", "softly<|endofprompt|>"u8.ToArray()), ("prompt_wav@p.wav", Recording),
            ];
            var form = RawRequest.Form($"/inference_{mode}", parts);
            all[$"POST /inference_{mode}"] = [form];
            all[$"GET /inference_{mode}"] = [form with { Method = "GET" }, RawRequest.Get($"/inference_{mode}?tts_text=One.&spk_id=amy&instruct_text=softly")];
        }

        return all;
    }

    /// <summary>Those of routes that take nothing but their address.</summary>
    public static RawRequest[] OfPlain(string method, string route) =>
        method is "GET" or "HEAD" && !route.Contains('{', StringComparison.Ordinal) ? [RawRequest.Of(method, route), RawRequest.Of(method, route).With("If-None-Match", "\"x\"")] : [];

    internal static string Show(byte[] bytes) => Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 1500)));
}
