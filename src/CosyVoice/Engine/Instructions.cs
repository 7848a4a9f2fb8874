using System.Collections.Frozen;

namespace CosyVoice.Engine;

/// <summary>
/// Instructions that the models were trained with, by name, for <see cref="SpeechRequest.Instruction"/>. They are Chinese
/// whatever the text's language; a free instruction may be in any.
/// </summary>
public static class Instructions
{
    /// <summary>Dialects: "guangdong", "sichuan" and so on.</summary>
    public static IReadOnlyDictionary<string, string> Dialects { get; } = Named(
        ("guangdong", "请用广东话表达。"), ("dongbei", "请用东北话表达。"), ("gansu", "请用甘肃话表达。"), ("guizhou", "请用贵州话表达。"),
        ("henan", "请用河南话表达。"), ("hubei", "请用湖北话表达。"), ("hunan", "请用湖南话表达。"), ("jiangxi", "请用江西话表达。"),
        ("minnan", "请用闽南话表达。"), ("ningxia", "请用宁夏话表达。"), ("shanxi", "请用山西话表达。"), ("shaanxi", "请用陕西话表达。"),
        ("shandong", "请用山东话表达。"), ("shanghai", "请用上海话表达。"), ("sichuan", "请用四川话表达。"), ("tianjin", "请用天津话表达。"),
        ("yunnan", "请用云南话表达。"));

    /// <summary>Emotions: "happy", "sad", "angry".</summary>
    public static IReadOnlyDictionary<string, string> Emotions { get; } = Named(
        ("happy", "请非常开心地说一句话。"), ("sad", "请非常伤心地说一句话。"), ("angry", "请非常生气地说一句话。"));

    /// <summary>Manners: "slow", "fast", "loud", "soft", "robot", "peppa".</summary>
    public static IReadOnlyDictionary<string, string> Manners { get; } = Named(
        ("slow", "请用尽可能慢地语速说一句话。"), ("fast", "请用尽可能快地语速说一句话。"),
        ("loud", "Please say a sentence as loudly as possible."), ("soft", "Please say a sentence in a very soft voice."),
        ("robot", "你可以尝试用机器人的方式解答吗？"), ("peppa", "我想体验一下小猪佩奇风格，可以吗？"));

    private static FrozenDictionary<string, string> Named(params (string Name, string Text)[] entries) =>
        entries.ToFrozenDictionary(entry => entry.Name, entry => entry.Text, StringComparer.Ordinal);
}
