using System.Globalization;
using CosyVoice.Tests;

namespace CosyOrleans.Service.Tests.Synthesis;

/// <summary>Chapters of a book that nobody wrote: sentences, no two of them the same.</summary>
internal static class Chapters
{
    private static readonly string[] Who = ["The old fisherman", "A girl from the village", "My brother Tom", "The doctor", "Nobody I knew", "The captain of the ship", "Her mother"];
    private static readonly string[] What = ["walked down to the river", "told a very long story", "bought 12 apples for $3.50", "waited until half past nine", "did not say a word", "looked at the sea", "opened the letter"];
    private static readonly string[] Why = ["because the evening was warm", "and everybody laughed", "although it rained", "as he had done for 40 years", "but the door was shut", "while the children slept"];
    private static readonly string[] Marks = [".", ".", "!", "?", "; then it was quiet.", "."];

    private static readonly string[] Wer = ["老渔夫", "村里的小姑娘", "我的哥哥", "那位医生", "船长", "她的母亲", "谁也不认识的客人"];
    private static readonly string[] Was = ["慢慢走到河边", "讲了一个很长的故事", "花了12元买了5个苹果", "一直等到晚上9点半", "一句话也没有说", "看着远方的大海", "打开了那封信"];
    private static readonly string[] Warum = ["因为那天晚上很暖和", "大家都笑了起来", "虽然下着大雨", "四十年来每天都是这样", "可是门已经关上了", "孩子们都睡着了"];
    private static readonly string[] Zeichen = ["。", "。", "！", "？", "；然后一切都安静了。", "。"];

    public static string English => Write(Thoroughness.IsFull ? 5000 : 1500, i => $"{Who[i % 7]} {What[i / 2 % 7]} on day {i + 1}, {Why[i / 3 % 6]}{Marks[i % 6]} ");

    public static string Chinese => Write(Thoroughness.IsFull ? 5000 : 700, i => $"第{i + 1}天，{Wer[i % 7]}{Was[i / 2 % 7]}，{Warum[i / 3 % 6]}{Zeichen[i % 6]}");

    private static string Write(int length, Func<int, string> sentence)
    {
        var text = "";
        for (var i = 0; text.Length < length; i++)
        {
            text += string.Create(CultureInfo.InvariantCulture, $"{sentence(i)}");
        }

        return text;
    }
}
