using CosyOrleans.Grains.Jobs;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Grains.Tests.Jobs;

public sealed class JobItemConverterTests
{
    [Fact]
    public void Convert_ThereAndBack_IsTheSameItem()
    {
        var item = new JobItem
        {
            Number = 7, Name = "a.opus", Text = "Hi.", Voice = "ben", Mode = "instruct", Instruction = "Softly.", Emotion = "sad", Dialect = "sichuan",
            Format = AudioFormat.Opus, SampleRate = 16000, Seed = 3, Speed = 1.5,
        };
        var converter = new JobItemConverter();

        Assert.Equal(item, converter.ConvertFromSurrogate(converter.ConvertToSurrogate(item)));
    }
}
