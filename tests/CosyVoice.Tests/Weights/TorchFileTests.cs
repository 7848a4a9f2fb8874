using System.Text;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Weights;

public class TorchFileTests
{
    [Fact]
    public void Tensors_OfAWrittenFile_HaveItsNamesShapesAndValues()
    {
        using var file = Written(Sample());
        using var checkpoint = Checkpoint.Open(file.Path);

        Assert.Equal(["a.weight", "a.bias", "ids", "tied"], checkpoint.Tensors.Keys);
        Assert.Equal([2, 3], checkpoint.Tensors["a.weight"].Shape);
        Assert.Equal("a.weight", checkpoint.Tensors["a.weight"].Name);
        Assert.Equal([1f, 2, 3, 4, 5, 6], checkpoint.Tensors["a.weight"].ToFloats());
        Assert.Equal([7, -8], checkpoint.Tensors["ids"].ToInts());
    }

    [Fact]
    public void Tensors_UnderAZip64Directory_AreTheSame()
    {
        using var file = Written(Sample(), alwaysZip64: true);
        using var checkpoint = Checkpoint.Open(file.Path);

        Assert.Equal([1f, 2, 3, 4, 5, 6], checkpoint.Tensors["a.weight"].ToFloats());
    }

    [Fact]
    public unsafe void Tensors_OfOneStorage_ShareItsMemoryInTheFile()
    {
        using var file = Written(Sample());
        using var checkpoint = Checkpoint.Open(file.Path);

        var weight = checkpoint.Tensors["a.weight"].Float32Pointer;
        Assert.True(weight != null);
        Assert.True(weight == checkpoint.Tensors["tied"].Float32Pointer);
    }

    [Fact]
    public void Tensors_StoredOutOfOrder_AreReadInOrder()
    {
        var transposed = new TensorToWrite([2, 3], [1f, 4, 2, 5, 3, 6]) { Strides = [1, 2] };
        using var file = Written(new() { ["t"] = transposed });
        using var checkpoint = Checkpoint.Open(file.Path);

        Assert.Equal([1f, 2, 3, 4, 5, 6], checkpoint.Tensors["t"].ToFloats());
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    public void Tensors_OfANestedStateDict_AreFound(string name)
    {
        using var file = Written(new() { ["epoch"] = 3L, [name] = Sample() });
        using var checkpoint = Checkpoint.Open(file.Path);

        Assert.Equal(4, checkpoint.Tensors.Count);
    }

    [Fact]
    public void Root_WithOtherValues_ShowsThem()
    {
        using var file = Written(new() { ["step"] = -5L, ["note"] = "é", ["inner"] = Sample() });
        using var torch = new TorchFile(file.Path);

        var root = Assert.IsType<PickledDict>(torch.Root).Items;
        Assert.Equal(-5L, root["step"]);
        Assert.Equal("é", root["note"]);
        Assert.IsType<StoredTensor>(Assert.IsType<PickledDict>(root["inner"]).Items["ids"]);
    }

    [Theory]
    [InlineData("llm", 31)]
    [InlineData("flow", 249)]
    [InlineData("hift", 328)]
    public void Tensors_OfFilesTorchWrote_AreAllRead(string name, int count)
    {
        using var checkpoint = Checkpoint.Open(Repository.Fixture($"model_v2/model/{name}.pt"));

        Assert.Equal(count, checkpoint.Tensors.Count);
        Assert.All(checkpoint.Tensors.Values, tensor => Assert.All(tensor.ToFloats(), value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void Tensors_OfHalfPrecision_KeepTheirType()
    {
        using var torch = Checkpoint.Open(Repository.File("models/default/hift.pt"));

        Assert.All(torch.Tensors.Values, tensor => Assert.Equal(ElementType.Float16, tensor.Type));
    }

    [Fact]
    public void WithoutPrefix_OfPrefixedNames_ShortensOnlyThose()
    {
        var tensor = new TensorToWrite([1], [1f]);
        using var file = Written(new() { ["generator.conv.bias"] = tensor, ["other"] = tensor });
        using var checkpoint = Checkpoint.Open(file.Path).WithoutPrefix("generator.");

        Assert.Equal(["conv.bias", "other"], checkpoint.Tensors.Keys);
        Assert.Equal("conv.bias", checkpoint.Tensors["conv.bias"].Name);
    }

    [Fact]
    public void WithoutPrefix_ThatMakesTwoNamesOne_Throws()
    {
        var tensor = new TensorToWrite([1], [1f]);
        using var file = Written(new() { ["generator.bias"] = tensor, ["bias"] = tensor });
        using var checkpoint = Checkpoint.Open(file.Path);

        Assert.Contains("generator.bias", Assert.Throws<CheckpointException>(() => checkpoint.WithoutPrefix("generator.")).Message);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("hello, world", "not a file that torch.save wrote")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "git lfs pull")]
    [InlineData("PK\u0003\u0004", "end record is missing")]
    public void Open_ForeignText_SaysWhatItIs(string content, string expected)
    {
        using var file = TemporaryFile.Of(".pt", Encoding.Latin1.GetBytes(content));

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Checkpoint.Open(file.Path)).Message);
    }

    [Fact]
    public void Open_PickleOfTheOldFormat_AsksForResaving()
    {
        using var file = TemporaryFile.Of(".pt", [0x80, 2, 0x8a, 10, 0x6c, 0xfc]);

        Assert.Contains("save it again", Assert.Throws<CheckpointException>(() => Checkpoint.Open(file.Path)).Message);
    }

    [Fact]
    public void Open_BigEndianArchive_IsRefused()
    {
        using var file = Written(Sample());
        Replace(file.Path, "little"u8, "bigbig"u8);

        Assert.Contains("little endian", Assert.Throws<CheckpointException>(() => Checkpoint.Open(file.Path)).Message);
    }

    [Fact]
    public void Open_StorageShorterThanItsTensor_NamesIt()
    {
        using var file = Written(new() { ["t"] = new TensorToWrite([4], [1f, 2, 3, 4]) { Strides = [2] } });

        Assert.Contains("does not fit storage '0' of 4 elements", Assert.Throws<CheckpointException>(() => Checkpoint.Open(file.Path)).Message);
    }

    [Fact]
    public void Open_RepeatedView_IsRefused()
    {
        using var file = Written(new() { ["t"] = new TensorToWrite([2, 3], [1f, 2, 3, 4, 5, 6]) { Strides = [0, 1], Shown = [1 << 30, 3] } });

        Assert.Contains("does not fit storage", Assert.Throws<CheckpointException>(() => Checkpoint.Open(file.Path)).Message);
    }

    [Fact]
    public void Open_MissingFile_ThrowsCheckpointException() =>
        Assert.Throws<CheckpointException>(() => Checkpoint.Open(Path.Combine(Path.GetTempPath(), "no-such-file.pt")));

    [Fact]
    public void Open_CompressedArchive_SaysWhichEntry()
    {
        using var file = new TemporaryFile(".pt");
        using (var zip = System.IO.Compression.ZipFile.Open(file.Path, System.IO.Compression.ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("archive/data.pkl").Open())
        {
            entry.Write(new byte[1000]);
        }

        var message = Assert.Throws<CheckpointException>(() => Checkpoint.Open(file.Path)).Message;
        Assert.Contains("'archive/data.pkl'", message);
        Assert.Contains("compressed", message);
    }

    private static void Replace(string path, ReadOnlySpan<byte> old, ReadOnlySpan<byte> other)
    {
        var content = File.ReadAllBytes(path);
        other.CopyTo(content.AsSpan(content.AsSpan().IndexOf(old)));
        File.WriteAllBytes(path, content);
    }

    internal static TemporaryFile Written(Dictionary<string, object> root, bool alwaysZip64 = false)
    {
        var file = new TemporaryFile(".pt");
        TorchFileWriter.Write(file.Path, root, alwaysZip64);
        return file;
    }

    internal static Dictionary<string, object> Sample()
    {
        var weight = new TensorToWrite([2, 3], [1f, 2, 3, 4, 5, 6]);
        return new()
        {
            ["a.weight"] = weight,
            ["a.bias"] = new TensorToWrite([2], [0.5f, -0.5f]),
            ["epoch"] = 12L,
            ["ids"] = new TensorToWrite([2], [7, -8]),
            ["tied"] = weight,
        };
    }
}
