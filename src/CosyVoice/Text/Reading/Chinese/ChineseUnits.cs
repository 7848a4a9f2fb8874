namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Signs of units and what they are called.</summary>
internal static class ChineseUnits
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["km"] = "公里", ["m"] = "米", ["cm"] = "厘米", ["mm"] = "毫米", ["dm"] = "分米", ["nm"] = "纳米", ["μm"] = "微米", ["um"] = "微米",
        ["kg"] = "千克", ["KG"] = "千克", ["Kg"] = "千克", ["g"] = "克", ["mg"] = "毫克", ["μg"] = "微克", ["ug"] = "微克", ["t"] = "吨", ["lb"] = "磅",
        ["lbs"] = "磅", ["oz"] = "盎司", ["L"] = "升", ["l"] = "升", ["mL"] = "毫升", ["ml"] = "毫升", ["ML"] = "毫升", ["dL"] = "分升", ["μL"] = "微升",
        ["km²"] = "平方公里", ["m²"] = "平方米", ["cm²"] = "平方厘米", ["mm²"] = "平方毫米", ["m2"] = "平方米", ["km2"] = "平方公里", ["cm2"] = "平方厘米",
        ["m³"] = "立方米", ["cm³"] = "立方厘米", ["mm³"] = "立方毫米", ["dm³"] = "立方分米", ["m3"] = "立方米", ["cm3"] = "立方厘米", ["km³"] = "立方公里",
        ["ha"] = "公顷", ["h"] = "小时", ["hr"] = "小时", ["min"] = "分钟", ["s"] = "秒", ["sec"] = "秒", ["ms"] = "毫秒", ["μs"] = "微秒", ["us"] = "微秒",
        ["ns"] = "纳秒", ["Hz"] = "赫兹", ["kHz"] = "千赫", ["KHz"] = "千赫", ["MHz"] = "兆赫", ["GHz"] = "吉赫", ["V"] = "伏", ["kV"] = "千伏",
        ["mV"] = "毫伏",
        ["W"] = "瓦", ["w"] = "万", ["kW"] = "千瓦", ["KW"] = "千瓦", ["MW"] = "兆瓦", ["GW"] = "吉瓦", ["kWh"] = "千瓦时", ["mA"] = "毫安",
        ["mAh"] = "毫安时",
        ["Ω"] = "欧姆", ["kΩ"] = "千欧", ["MΩ"] = "兆欧", ["Pa"] = "帕", ["hPa"] = "百帕", ["kPa"] = "千帕", ["MPa"] = "兆帕", ["GPa"] = "吉帕",
        ["N"] = "牛",
        ["kN"] = "千牛", ["J"] = "焦耳", ["kJ"] = "千焦", ["MJ"] = "兆焦", ["cal"] = "卡", ["kcal"] = "千卡", ["dB"] = "分贝", ["db"] = "分贝",
        ["lx"] = "勒克斯",
        ["bps"] = "比特每秒", ["kbps"] = "千比特每秒", ["Kbps"] = "千比特每秒", ["Mbps"] = "兆比特每秒", ["Gbps"] = "吉比特每秒", ["mol"] = "摩尔",
        ["mmol"] = "毫摩尔", ["μmol"] = "微摩尔", ["rpm"] = "转每分钟", ["mmHg"] = "毫米汞柱", ["px"] = "像素", ["ft"] = "英尺", ["mph"] = "英里每小时",
        ["hp"] = "马力", ["N·m"] = "牛米", ["ppm"] = "百万分之一", ["cc"] = "毫升", ["kgf"] = "千克力", ["mSv"] = "毫西弗", ["kb"] = "KB",
        ["℃"] = "摄氏度", ["°C"] = "摄氏度", ["℉"] = "华氏度", ["°F"] = "华氏度", ["°"] = "度", ["′"] = "分", ["″"] = "秒",
    };

    private static readonly int Longest = Names.Keys.Max(name => name.Length);

    /// <summary>
    /// The unit that begins here, also a quotient such as km/h, and the position behind it; null where there is none. One of Latin
    /// letters ends before anything but another.
    /// </summary>
    public static (string Name, int End)? At(Passage passage, int at)
    {
        if (Single(passage, at) is not { } unit)
        {
            return null;
        }

        var next = unit.End;
        if (passage[next] != '/')
        {
            return unit;
        }

        if (passage.IsDigit(next + 1))
        {
            return (unit.Name + "每", next + 1); // 8L/100km
        }

        return Single(passage, next + 1) is { } divisor ? (unit.Name + "每" + divisor.Name, divisor.End) : unit;
    }

    private static (string Name, int End)? Single(Passage passage, int at)
    {
        for (var length = Math.Min(Longest, passage.Length - at); length > 0; length--)
        {
            if (Names.TryGetValue(passage.Slice(at, at + length), out var name) && IsWhole(passage, at + length))
            {
                return (name, at + length);
            }
        }

        return null;
    }

    private static bool IsWhole(Passage passage, int end) =>
        (passage[end - 1] is '°' or '′' or '″' or '℃' or '℉' || !passage.IsLatin(end))
        && passage[end] is not ('²' or '³')
        && (!passage.IsDigit(end) || passage[end - 1] is '°' or '′' or 'h');
}
