using CosyVoice.State;

namespace CosyVoice.Tests.State;

public sealed class StateReaderTests
{
    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var writer = new StateWriter();
        writer.Write(-5);
        writer.Write([1.5f, float.NegativeZero]);
        writer.Write([ulong.MaxValue]);

        var reader = new StateReader(writer.Bytes);

        Assert.Equal(-5, reader.ReadInt("number", -5, -5));
        Assert.Equal([1.5f, float.NegativeZero], reader.ReadFloats(2));
        Assert.Equal([ulong.MaxValue], reader.ReadLongs(1));
        reader.End();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void ReadInt_OutOfRange_NamesValueAndRange(int value)
    {
        var writer = new StateWriter();
        writer.Write(value);

        var e = Assert.Throws<StateException>(() => new StateReader(writer.Bytes).ReadInt("frames", 1, 2));

        Assert.Contains($"frames {value}, which must be 1 to 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFloats_MoreThanThere_RefusesBeforeAllocating()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<StateException>(() => new StateReader(new byte[7]).ReadFloats(int.MaxValue));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void End_BytesLeft_Throws() => Assert.Throws<StateException>(() => new StateReader(new byte[1]).End());
}
