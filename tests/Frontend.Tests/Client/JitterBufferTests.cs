using CosyOrleans.Client;

namespace CosyOrleans.Frontend.Tests.Client;

public sealed class JitterBufferTests
{
    private const int SampleRate = 1000; // A sample a millisecond.

    [Fact]
    public void Read_PacketsUpTo50MsLate_PlaysWithoutAGap()
    {
        var random = new Random(7);
        var buffer = new JitterBuffer(SampleRate);
        // A packet of 20 ms every 20 ms, each up to 50 ms late, in order.
        var arrivals = Enumerable.Range(0, 500).Select(i => (20 * i) + random.Next(51)).ToArray();
        List<short> played = [];
        var sent = 0;
        var ms = 0;
        for (; !buffer.IsOver; ms++)
        {
            for (; sent < arrivals.Length && arrivals[sent] <= ms; sent++)
            {
                buffer.Write(Packet(sent));
            }

            if (sent == arrivals.Length)
            {
                buffer.Complete();
            }

            var sample = new short[1];
            if (buffer.Read(sample) == 1)
            {
                played.Add(sample[0]);
            }
        }

        Assert.Equal(0, buffer.Underruns);
        Assert.Equal(Enumerable.Range(0, 500).SelectMany(i => Packet(i).ToArray()), played);
        // It began when 250 ms were there, and nothing was in between.
        Assert.InRange(ms - played.Count, 230, 300);
    }

    [Fact]
    public void Read_Gap_IsCountedOnceAndWaitsForAFullBuffer()
    {
        var buffer = new JitterBuffer(SampleRate, TimeSpan.FromMilliseconds(100));
        var destination = new short[80];
        buffer.Write(new short[100]);

        Assert.Equal([80, 20, 0, 0], Enumerable.Range(0, 4).Select(_ => buffer.Read(destination)));
        buffer.Write(new short[99]);
        Assert.Equal(0, buffer.Read(destination));
        buffer.Write(new short[1]);
        Assert.Equal(80, buffer.Read(destination));
        Assert.Equal(1, buffer.Underruns);
    }

    [Fact]
    public void Read_Complete_PlaysTheRestAndFillsWithSilence()
    {
        var buffer = new JitterBuffer(SampleRate);
        buffer.Write(new short[] { 1, 2, 3 });
        buffer.Complete();
        var destination = new short[] { 9, 9, 9, 9, 9 };

        Assert.Equal(3, buffer.Read(destination));

        Assert.Equal([1, 2, 3, 0, 0], destination);
        Assert.Equal((0, true), (buffer.Underruns, buffer.IsOver));
    }

    [Fact]
    public void Read_AnySizes_GivesEverySampleOnceInOrder()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var buffer = new JitterBuffer(SampleRate, TimeSpan.FromMilliseconds(random.Next(50)));
            List<short> played = [];
            short next = 0;
            while (next < 1000 || !buffer.IsOver)
            {
                if (next < 1000)
                {
                    buffer.Write(Enumerable.Range(0, random.Next(40)).Select(_ => next++).ToArray());
                }
                else
                {
                    buffer.Complete();
                }

                var destination = new short[random.Next(40)];
                played.AddRange(destination[..buffer.Read(destination)]);
            }

            Assert.Equal(Enumerable.Range(0, next).Select(i => (short)i), played);
        }
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(8000, -1)]
    [InlineData(8000, 10_001)]
    public void Buffer_OfNoSize_IsRefused(int sampleRate, int milliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new JitterBuffer(sampleRate, TimeSpan.FromMilliseconds(milliseconds)));

    private static ReadOnlyMemory<short> Packet(int i) => Enumerable.Range(0, 20).Select(j => (short)((20 * i) + j)).ToArray();
}
