using CosyVoice.Weights;

namespace CosyVoice.Tests.Weights;

/// <summary>A damaged file is either refused with a <see cref="CheckpointException"/> or yields tensors that can be read.</summary>
public class TorchFileFuzzTests
{
    private static readonly byte[] Changes = [0x00, 0x7f, 0xff, (byte)'R', (byte)'.'];

    [Fact]
    public void Open_TruncatedAtEveryLength_Throws()
    {
        var whole = SmallFile();
        using var file = new TemporaryFile(".pt");
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(file.Path, whole[..length]);
            Assert.Throws<CheckpointException>(() => Checkpoint.Open(file.Path).Dispose());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_EveryByteChanged_ThrowsOrReads(bool zip64)
    {
        var whole = SmallFile(zip64);
        using var file = new TemporaryFile(".pt");
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var change in Changes)
            {
                var damaged = whole.ToArray();
                damaged[at] = (byte)(change == 0 ? damaged[at] + 1 : change);
                OpenAndRead(file.Path, damaged);
            }
        }
    }

    [Fact]
    public void Open_SeveralBytesChanged_ThrowsOrReads()
    {
        var whole = SmallFile();
        var random = new Random(1);
        using var file = new TemporaryFile(".pt");
        for (var round = 0; round < 4_000; round++)
        {
            var damaged = whole.ToArray();
            for (var change = 0; change < 4; change++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            OpenAndRead(file.Path, damaged);
        }
    }

    private static void OpenAndRead(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            foreach (var tensor in checkpoint.Tensors.Values)
            {
                Assert.Equal(tensor.Count * tensor.Type.Size(), tensor.Bytes.ToArray().Length);
            }
        }
        catch (CheckpointException)
        {
        }
    }

    private static byte[] SmallFile(bool zip64 = false)
    {
        var root = new Dictionary<string, object>
        {
            ["a"] = new TensorToWrite([2, 3], [1f, 4, 2, 5, 3, 6]) { Strides = [1, 2] },
            ["b"] = new TensorToWrite([2], [7, -8]),
        };
        using var file = TorchFileTests.Written(root, zip64);
        return File.ReadAllBytes(file.Path);
    }
}
