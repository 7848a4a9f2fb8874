using System.Text.Json;
using CosyVoice.Text;

namespace CosyVoice.Parity;

/// <summary>Folder text: tokenizer ids, special tokens, normalisation, splitting and their single functions, all exact.</summary>
internal static class TextParity
{
    public static void Run(Fixture fixture, ParityReport report)
    {
        var v2 = Tokenizer.ForCosyVoice2(fixture.File("tiny_tokenizer"));
        var v3 = Tokenizer.ForCosyVoice3(fixture.File("tiny_tokenizer"));
        var reference = new ReferenceText(v2);
        SpecialIds(fixture.ReadJson("special_tokens.json"), "v2", v2, report);
        SpecialIds(fixture.ReadJson("special_tokens.json"), "v3", v3, report);
        ForEachCase(fixture, "tokenizer_cases", (one, name) => TokenizerCase(one, name, v2, v3, report), report);
        ForEachCase(fixture, "functions", (one, name) => FunctionCase(one, name, report), report);
        ForEachCase(fixture, "split_paragraph", (one, name) => SplitCase(one, name, reference, report), report);
        ForEachCase(fixture, "text_normalize", (one, name) => NormalizeCase(one, name, reference, report), report);
    }

    private static void ForEachCase(Fixture fixture, string file, Action<JsonElement, string> check, ParityReport report)
    {
        var index = 0;
        foreach (var one in fixture.ReadJson($"{file}.json").GetProperty("cases").EnumerateArray())
        {
            var name = $"{file}[{index++}]";
            try
            {
                check(one, name);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                report.Error(name, error);
            }
        }
    }

    private static void SpecialIds(JsonElement tokens, string version, Tokenizer tokenizer, ParityReport report)
    {
        var ids = tokens.GetProperty(version).GetProperty("tiny_ids").EnumerateObject().ToArray();
        int[] got = [.. ids.Select(token => tokenizer.IdOf(token.Name) ?? -1)];
        report.CompareExact<int>("special_tokens", version, got, [.. ids.Select(token => token.Value.GetInt32())]);
    }

    private static void TokenizerCase(JsonElement one, string name, Tokenizer v2, Tokenizer v3, ParityReport report)
    {
        var text = Text(one, "text");
        report.CompareExact<int>(name, "v2_ids", v2.Encode(text), Ints(one, "v2_ids"));
        report.CompareExact<int>(name, "v3_ids", v3.Encode(text), Ints(one, "v3_ids"));
    }

    private static void FunctionCase(JsonElement one, string name, ParityReport report)
    {
        if (one.TryGetProperty("error", out _))
        {
            return; // The reference fails there, which is not reproduced.
        }

        var input = Text(one, "input");
        var expected = one.GetProperty("output").ToString();
        var function = Text(one, "function");
        var got = function switch
        {
            "contains_chinese" => $"{ChineseText.IsIn(input)}",
            "replace_blank" => ChineseText.RemoveBlanks(input),
            "replace_corner_mark" => ChineseText.ReplaceCornerMarks(input),
            "remove_bracket" => ChineseText.RemoveBrackets(input),
            "spell_out_number" => ReferenceText.SpellOutNumber(input),
            "is_only_punctuation" => $"{ReferenceText.IsOnlyPunctuation(input)}",
            _ => throw new NotSupportedException($"The function {function} is not known."),
        };
        report.CompareExact<string>(name, function, [got], [expected]);
    }

    private static void SplitCase(JsonElement one, string name, ReferenceText reference, ParityReport report)
    {
        var rules = new SplitRules
        {
            IsChinese = Text(one, "lang") == "zh",
            Longest = one.GetProperty("token_max_n").GetInt32(),
            Shortest = one.GetProperty("token_min_n").GetInt32(),
            MergeBelow = one.GetProperty("merge_len").GetInt32(),
            AtCommas = one.GetProperty("comma_split").GetBoolean(),
        };
        report.CompareExact<string>(name, "segments", reference.SplitParagraph(Text(one, "text"), rules).ToArray(), Texts(one, "segments"));
    }

    private static void NormalizeCase(JsonElement one, string name, ReferenceText reference, ParityReport report)
    {
        var input = Text(one, "input");
        report.CompareExact<string>(name, "split", reference.Split(input, frontend: true), Texts(one, "split"));
        report.CompareExact<string>(name, "nosplit", [ReferenceText.Normalize(input)], [Text(one, "nosplit")]);
        report.CompareExact<string>(name, "split_frontend_off", reference.Split(input, frontend: false), Texts(one, "split_frontend_off"));
    }

    private static string Text(JsonElement one, string name) => one.GetProperty(name).GetString()!;

    private static string[] Texts(JsonElement one, string name) =>
        [.. one.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static int[] Ints(JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
