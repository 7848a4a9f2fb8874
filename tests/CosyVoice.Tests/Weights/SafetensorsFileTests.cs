using System.Buffers.Binary;
using System.Text;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Weights;

public class SafetensorsFileTests
{
    [Fact]
    public void Tensors_OfAValidFile_AreRead()
    {
        using var file = Written(
            """{"__metadata__":{"by":"test"},"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}""",
            [1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
        using var checkpoint = Checkpoint.Open(file.Path);

        Assert.Equal([1, -1], Assert.Single(checkpoint.Tensors).Value.ToInts());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1073741824,1073741824,4],"data_offsets":[0,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1073741824,1073741824,16],"data_offsets":[0,0]}}""")]
    [InlineData("""{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"a":[]}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public void Open_HeaderThatDoesNotFit_Throws(string header)
    {
        using var file = Written(header, new byte[8]);

        Assert.Throws<CheckpointException>(() => Checkpoint.Open(file.Path).Dispose());
    }

    private static TemporaryFile Written(string header, byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(header));
        return TemporaryFile.Of(".safetensors", [.. length, .. Encoding.UTF8.GetBytes(header), .. data]);
    }
}
