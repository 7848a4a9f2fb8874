using System.Text;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Weights;

public class UnpicklerTests
{
    [Theory]
    [InlineData("cos\nsystem\n(X\u0004\0\0\0echotR.", "os.system")]
    [InlineData("\u008c\u0008builtins\u008c\u0004eval\u0093.", "builtins.eval")]
    [InlineData("ctorch\nload\n.", "torch.load")]
    [InlineData("(ios\nsystem\n.", "os.system")]
    [InlineData("ccollections\nOrderedDict\n)\u0081.", "collections.OrderedDict")]
    [InlineData("(ccollections\nOrderedDict\no.", "collections.OrderedDict")]
    [InlineData("ctorch\nFloatStorage\n)R.", "torch.FloatStorage")]
    [InlineData("ccollections\nOrderedDict\n(K\u0001tR.", "collections.OrderedDict")]
    public void Read_CodeToRun_IsRefusedByName(string pickle, string name) => Assert.Contains($"'{name}'", Refusal(pickle));

    [Theory]
    [InlineData(".")]
    [InlineData("0.")]
    [InlineData("t.")]
    [InlineData("(.")]
    [InlineData("(q\0.")]
    [InlineData("K\u0001(0.")]
    [InlineData("K\u0001\u0086.")]
    [InlineData("a.")]
    [InlineData("K\u0001K\u0002a.")]
    [InlineData("}(K\u0001u.")]
    [InlineData("}]K\u0001s.")]
    [InlineData("K\u0001K\u0001R.")]
    [InlineData("NNb.")]
    [InlineData("NQ.")]
    [InlineData("h\u0005.")]
    [InlineData("\u0080\u0009.")]
    [InlineData("\u008a\u0009123456789.")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f.")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ffa.")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffa.")]
    [InlineData("X\u0001\0\0\0\u00ff.")]
    [InlineData("I1\n.")]
    [InlineData("\u0082\u0001.")]
    [InlineData("cos")]
    [InlineData("")]
    public void Read_Malformed_IsRefused(string pickle) => Assert.NotEmpty(Refusal(pickle));

    [Fact]
    public void Read_PlainContainers_AreReturned()
    {
        var root = Assert.IsType<PickledDict>(Read("}(X\u0001\0\0\0aK\u0005K\u0007\u0088\u008c\u0001b](NG?\u00f0\0\0\0\0\0\0eu."));

        Assert.Equal(5L, root.Items["a"]);
        Assert.Equal(true, root.Items["7"]);
        Assert.Equal([null, 1.0], Assert.IsType<List<object?>>(root.Items["b"]));
    }

    [Theory]
    [InlineData("\u008a\0.", 0)]
    [InlineData("\u008a\u0001\u00ff.", -1)]
    [InlineData("\u008a\u0002\u00ff\0.", 255)]
    [InlineData("\u008a\u0008\0\0\0\0\0\0\0\u0080.", long.MinValue)]
    [InlineData("J\u00fe\u00ff\u00ff\u00ff.", -2)]
    [InlineData("M\u00ff\u00ff.", 65535)]
    public void Read_Integers_HaveTheirSign(string pickle, long expected) => Assert.Equal(expected, Read(pickle));

    [Fact]
    public void Read_DoublingContainers_StaysSmall()
    {
        // Every round nests a pair of the value before: 2^10000 leaves, were anybody to walk them.
        var pickle = "K\u0001" + string.Concat(Enumerable.Repeat("2\u0086", 10_000)) + ".";

        Assert.IsType<object?[]>(Read(pickle));
    }

    [Fact]
    public void Read_ListInsideItself_IsReturned() => Assert.IsType<List<object?>>(Read("]q\0h\0a."));

    [Fact]
    public void Read_EndlessWork_IsRefused() => Assert.Contains("operations", Refusal(new string('N', 3_000_000)));

    [Fact]
    public void Read_DeepNesting_IsReturned() =>
        Assert.IsType<List<object?>>(Read(new string(']', 500_000) + new string('a', 499_999) + "."));

    [Fact]
    public void Read_LongKey_IsRefused() =>
        Assert.Contains("key of 5000 characters", Refusal($"}}X\u0088\u0013\0\0{new string('k', 5000)}Ns."));

    private static object? Read(string pickle) =>
        new Unpickler(new TorchStorages(new Dictionary<string, StoredZipEntry>(), "archive/", 0)).Read(Encoding.Latin1.GetBytes(pickle));

    private static string Refusal(string pickle) => Assert.Throws<InvalidDataException>(() => Read(pickle)).Message;
}
