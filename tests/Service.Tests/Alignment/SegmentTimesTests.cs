using CosyOrleans.Service.Alignment;

namespace CosyOrleans.Service.Tests.Alignment;

public sealed class SegmentTimesTests
{
    [Fact]
    public void Characters_CoverTheSegmentWithoutGaps_AndBlanksTakeThePauses()
    {
        var segment = new SpokenSegment(3, " no 你好 ok! ", 10, 14, [new("no", 10.5, 11), new("你", 12, 12.25), new("好", 12.25, 12.5), new("ok!", 12.75, 13.5)]);

        var characters = SegmentTimes.Characters(segment);

        Assert.Equal([" ", "n", "o", " ", "你", "好", " ", "o", "k", "!", " "], characters.Select(character => character.Text));
        Assert.Equal([10, 10.5, 10.75, 11, 12, 12.25, 12.5, 12.75, 13, 13.25, 13.5], characters.Select(character => character.Begin));
        Assert.Equal([.. characters.Skip(1).Select(character => character.Begin), 14], characters.Select(character => character.End));
    }

    [Fact]
    public void Characters_OutsideTheBasicPlane_AreOne()
    {
        var characters = SegmentTimes.Characters(new SpokenSegment(0, "𠀀😀", 0, 1, [new("𠀀", 0, 0.5), new("😀", 0.5, 1)]));
        Assert.Equal(["𠀀", "😀"], characters.Select(character => character.Text));
    }

    [Fact]
    public void Places_OfTheSameWordTwice_AreInOrder()
    {
        var segment = new SpokenSegment(0, "go, go go", 0, 1, [new("go,", 0, 0.3), new("go", 0.3, 0.6), new("go", 0.6, 1)]);
        Assert.Equal([(0, 3), (4, 6), (7, 9)], SegmentTimes.Places(segment).Select(place => (place.Begin, place.End)));
    }
}
