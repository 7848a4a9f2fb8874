using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CosyVoice.Kernels;

/// <summary>
/// The right-hand side of a matrix product, [depth, columns], copied into the order in which the product reads
/// it: panels of 32 columns, [panel][depth][32], the last one filled up with zeros.
/// </summary>
public sealed unsafe class PanelMatrix : IDisposable
{
    /// <summary>Columns of a panel: two vectors of 16.</summary>
    public const int PanelWidth = 32;

    private readonly Tensor _values = new();

    public int Depth { get; private set; }

    public int Columns { get; private set; }

    public int Panels => (Columns + PanelWidth - 1) / PanelWidth;

    internal float this[int k, int n] => Panel(n / PanelWidth)[(k * PanelWidth) + (n % PanelWidth)];

    /// <summary>Packs b given as [depth, columns], rows <paramref name="stride"/> elements apart. Reuses memory.</summary>
    public void Pack(ReadOnlySpan<float> b, int depth, int columns, int stride)
    {
        Reshape(b, depth, columns, rows: depth, width: columns, stride);
        fixed (float* source = b)
        {
            for (var panel = 0; panel < Panels; panel++)
            {
                var from = source + (panel * PanelWidth);
                var to = Panel(panel);
                var width = Math.Min(PanelWidth, columns - (panel * PanelWidth));
                if (width == PanelWidth)
                {
                    for (var k = 0; k < depth; k++, from += stride, to += PanelWidth)
                    {
                        Unsafe.CopyBlockUnaligned(to, from, PanelWidth * sizeof(float));
                    }
                }
                else
                {
                    for (var k = 0; k < depth; k++, from += stride, to += PanelWidth)
                    {
                        new Span<float>(from, width).CopyTo(new(to, width));
                        new Span<float>(to + width, PanelWidth - width).Clear();
                    }
                }
            }
        }
    }

    /// <summary>Packs b given transposed, [columns, depth], rows <paramref name="stride"/> elements apart. Reuses memory.</summary>
    public void PackTransposed(ReadOnlySpan<float> b, int depth, int columns, int stride)
    {
        Reshape(b, depth, columns, rows: columns, width: depth, stride);
        fixed (float* source = b)
        {
            for (var panel = 0; panel < Panels; panel++)
            {
                var from = source + ((long)panel * PanelWidth * stride);
                var width = Math.Min(PanelWidth, columns - (panel * PanelWidth));
                var whole = width / 4 * 4;
                for (var n = 0; n < whole; n += 4)
                {
                    TransposeFour(from + ((long)n * stride), stride, Panel(panel) + n, depth);
                }

                for (var n = whole; n < PanelWidth; n++)
                {
                    var row = from + ((long)n * stride);
                    var to = Panel(panel) + n;
                    for (var k = 0; k < depth; k++)
                    {
                        to[k * PanelWidth] = n < width ? row[k] : 0;
                    }
                }
            }
        }
    }

    public void Dispose() => _values.Dispose();

    /// <summary>[depth, 32].</summary>
    internal float* Panel(int index) => _values.Pointer + ((long)index * Depth * PanelWidth);

    private void Reshape(ReadOnlySpan<float> b, int depth, int columns, int rows, int width, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, width);
        var needed = rows == 0 ? 0 : ((long)(rows - 1) * stride) + width;
        if (b.Length < needed)
        {
            throw new ArgumentException($"{rows} rows of {width} elements, {stride} apart, need {needed} elements, not {b.Length}.", nameof(b));
        }

        (Depth, Columns) = (depth, columns);
        _values.Resize(checked(Panels * depth), PanelWidth);
    }

    /// <summary>Four rows of [depth] elements become four neighbouring columns.</summary>
    private static void TransposeFour(float* from, long stride, float* to, int depth)
    {
        var k = 0;
        for (; k + 4 <= depth; k += 4, to += 4 * PanelWidth)
        {
            var r0 = Vector128.Load(from + k);
            var r1 = Vector128.Load(from + stride + k);
            var r2 = Vector128.Load(from + (2 * stride) + k);
            var r3 = Vector128.Load(from + (3 * stride) + k);
            var low01 = Interleave(r0.GetLower(), r1.GetLower());
            var low23 = Interleave(r2.GetLower(), r3.GetLower());
            var high01 = Interleave(r0.GetUpper(), r1.GetUpper());
            var high23 = Interleave(r2.GetUpper(), r3.GetUpper());
            Vector128.Create(low01.GetLower(), low23.GetLower()).Store(to);
            Vector128.Create(low01.GetUpper(), low23.GetUpper()).Store(to + PanelWidth);
            Vector128.Create(high01.GetLower(), high23.GetLower()).Store(to + (2 * PanelWidth));
            Vector128.Create(high01.GetUpper(), high23.GetUpper()).Store(to + (3 * PanelWidth));
        }

        for (; k < depth; k++, to += PanelWidth)
        {
            for (var n = 0; n < 4; n++)
            {
                to[n] = from[(n * stride) + k];
            }
        }
    }

    /// <summary>a0 b0 a1 b1.</summary>
    private static Vector128<float> Interleave(Vector64<float> a, Vector64<float> b) =>
        Vector128.Shuffle(Vector128.Create(a, b), Vector128.Create(0, 2, 1, 3));
}
