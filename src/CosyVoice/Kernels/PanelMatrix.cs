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
                    CopyWhole(from, stride, to, depth);
                }
                else
                {
                    CopyPart(from, stride, to, depth, width);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyWhole(float* from, long stride, float* to, int depth)
    {
        for (var k = 0; k < depth; k++, from += stride, to += PanelWidth)
        {
            Unsafe.CopyBlockUnaligned(to, from, PanelWidth * sizeof(float));
        }
    }

    private static void CopyPart(float* from, long stride, float* to, int depth, int width)
    {
        for (var k = 0; k < depth; k++, from += stride, to += PanelWidth)
        {
            new Span<float>(from, width).CopyTo(new(to, width));
            new Span<float>(to + width, PanelWidth - width).Clear();
        }
    }

    /// <summary>Four rows of [depth] elements become four neighbouring columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFour(float* from, long stride, float* to, int depth)
    {
        var low = Vector128.Create(-1, -1, 0, 0).AsSingle();
        var even = Vector128.Create(-1, 0, -1, 0).AsSingle();
        var k = 0;
        for (; k + 4 <= depth; k += 4, to += 4 * PanelWidth)
        {
            var r0 = Vector128.Load(from + k);
            var r1 = Vector128.Load(from + stride + k);
            var r2 = Vector128.Load(from + (2 * stride) + k);
            var r3 = Vector128.Load(from + (3 * stride) + k);
            var even01 = Vector128.ConditionalSelect(even, r0, Vector128.Shuffle(r1, Vector128.Create(0, 0, 2, 2))); // a0 b0 a2 b2
            var odd01 = Vector128.ConditionalSelect(even, Vector128.Shuffle(r0, Vector128.Create(1, 1, 3, 3)), r1); // a1 b1 a3 b3
            var even23 = Vector128.ConditionalSelect(even, r2, Vector128.Shuffle(r3, Vector128.Create(0, 0, 2, 2)));
            var odd23 = Vector128.ConditionalSelect(even, Vector128.Shuffle(r2, Vector128.Create(1, 1, 3, 3)), r3);
            Vector128.ConditionalSelect(low, even01, Swap(even23)).Store(to);
            Vector128.ConditionalSelect(low, odd01, Swap(odd23)).Store(to + PanelWidth);
            Vector128.ConditionalSelect(low, Swap(even01), even23).Store(to + (2 * PanelWidth));
            Vector128.ConditionalSelect(low, Swap(odd01), odd23).Store(to + (3 * PanelWidth));
        }

        for (; k < depth; k++, to += PanelWidth)
        {
            for (var n = 0; n < 4; n++)
            {
                to[n] = from[(n * stride) + k];
            }
        }
    }

    private static Vector128<float> Swap(Vector128<float> halves) => Vector128.Shuffle(halves, Vector128.Create(2, 3, 0, 1));
}
