namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Words behind a number: before some, two is 两 (两个), before others 二 (二号, 二年级).</summary>
internal static class ChineseMeasures
{
    private static readonly string[] WithTwo =
    [
        "年级", "年生", "次元", "次方", "等奖", "等", "手", "线", "号", "楼", "月", "日", "期", "班", "环", "胎", "季", "维", "度", "名单", "分之", "级", "把手",
        "老板", "代", "战", "进制", "段", "区", "点钟方向", "路", "队", "连", "营", "周目", "道街", "层楼", "人转", "小姐", "少爷", "大爷", "哥", "姐", "弟", "妹",
        "叔", "姨",
    ];

    private static readonly string[] WithLiang =
    [
        "个", "天", "年", "次", "位", "名", "人", "小时", "分钟", "分", "秒", "周", "岁", "倍", "种", "条", "只", "张", "本", "件", "台", "辆", "部", "家",
        "座", "间", "块", "元", "米", "公里", "公斤", "千克", "斤", "吨", "升", "万", "亿", "千", "百", "层", "勺", "片", "点", "步", "杯", "瓶", "碗", "盒",
        "包", "袋", "箱", "支", "枝", "把", "双", "对", "套", "份", "篇", "首", "句", "行", "页", "门", "场", "批", "组", "项", "场", "头", "匹", "棵", "朵",
        "颗", "粒", "滴", "桶", "盘", "厘米", "毫米", "千米", "平方", "立方", "英寸", "英里", "英尺", "毫升", "克", "毫克", "亩", "公顷", "里", "尺", "寸", "美元",
        "欧元", "英镑", "星期", "礼拜", "晚", "夜", "遍", "趟", "回", "顿", "声", "口", "具", "艘", "架", "列", "幅", "幢", "栋", "扇", "面", "根", "盏", "轮",
        "成", "者", "国", "地", "岸", "校", "会", "女", "男", "边", "端", "极", "股", "排", "大", "小", "代人", "摄氏度", "伏", "瓦", "节", "章节", "颗星", "多",
        "来", "斤", "枚", "卷", "册", "封", "则", "笔", "起", "宗", "档", "集",
    ];

    /// <summary>Whether two is 两 before the word that begins here.</summary>
    public static bool TakesLiang(Passage passage, int at)
    {
        at = passage.SkipBlanks(at);
        return !WithTwo.Any(word => passage.Has(at, word)) && WithLiang.Any(word => passage.Has(at, word));
    }

    /// <summary>Whether a word begins here that counts or measures, so that the number before it is a quantity.</summary>
    public static bool IsAt(Passage passage, int at)
    {
        at = passage.SkipBlanks(at);
        return WithLiang.Any(word => passage.Has(at, word)) || WithTwo.Any(word => passage.Has(at, word));
    }
}
