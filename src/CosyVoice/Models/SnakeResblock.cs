using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// Residual block of HiFT: for every dilation d, x += conv2(snake2(conv1(snake1(x)))), both convolutions of the same
/// odd kernel, conv1 dilated by d, centred or causal; x [time, channels]. Source: <c>ResBlock</c> of HiFi-GAN (Kong et al., 2020) with the
/// Snake activation of BigVGAN.
/// One pass over memory per dilation: a thread takes a block of rows, activates the rows that it reads into a window that
/// stays in its cache, convolves into a second window (the rows that conv2 reaches beyond the block are computed
/// twice), activates that, and convolves onto the residual.
/// </summary>
internal sealed unsafe class SnakeResblock : IDisposable
{
    private const int BlockRows = 256;

    private readonly int _channels;
    private readonly int _kernel;
    private readonly int _past; // Taps before the row itself.
    private readonly int[] _dilations;

    /// <param name="causal">The convolutions look back only.</param>
    public SnakeResblock(WeightScope w, int channels, int kernel, IReadOnlyList<int> dilations, bool causal)
    {
        (_channels, _kernel, _dilations) = (channels, kernel, [.. dilations]);
        _past = causal ? kernel - 1 : kernel / 2;
        Convs1 = [.. _dilations.Select((d, i) => new Conv1d(w["convs1"][i], channels, channels, kernel, dilation: d))];
        Convs2 = [.. _dilations.Select((_, i) => new Conv1d(w["convs2"][i], channels, channels, kernel))];
        Activations1 = [.. _dilations.Select((_, i) => w["activations1"][i].Get("alpha", channels).ToFloats())];
        Activations2 = [.. _dilations.Select((_, i) => w["activations2"][i].Get("alpha", channels).ToFloats())];
    }

    private Conv1d[] Convs1 { get; }

    private Conv1d[] Convs2 { get; }

    private float[][] Activations1 { get; } // alpha, [channels] each

    private float[][] Activations2 { get; }

    /// <summary>Rows before a row that it depends on, where the block is causal.</summary>
    public static int Reach(int kernel, IReadOnlyList<int> dilations) => (kernel - 1) * (dilations.Sum() + dilations.Count);

    /// <param name="x">[time, channels]; not changed.</param>
    /// <param name="y">[time, channels]; another tensor than x.</param>
    /// <param name="accumulate">Adds to y instead of replacing it.</param>
    public void Forward(Workers workers, Tensor x, Tensor y, bool accumulate, HiftScratch scratch)
    {
        y.Resize(x.Rows, _channels);
        var (source, target, free) = (x, scratch.Running0, scratch.Running1);
        for (var i = 0; i < _dilations.Length; i++)
        {
            var last = i == _dilations.Length - 1;
            Step(workers, i, source, last ? y : target, last && accumulate, scratch);
            (source, target, free) = (target, free, target);
        }
    }

    public void Dispose()
    {
        foreach (var conv in Convs1.Concat(Convs2))
        {
            conv.Dispose();
        }
    }

    private void Step(Workers workers, int index, Tensor x, Tensor y, bool accumulate, HiftScratch scratch)
    {
        y.Resize(x.Rows, _channels);
        workers.ForRows(x.Rows, BlockRows, (start, end) =>
        {
            var innerRows = end - start + _kernel - 1;
            var outer = scratch.RentWindow(Convs1[index].WindowRows(innerRows), _channels);
            var inner = scratch.RentWindow(innerRows, _channels);

            Activate(x, start - _past - (_dilations[index] * _past), Activations1[index], outer);
            Convs1[index].ForwardWindow(outer.Pointer, innerRows, inner.Pointer);
            ActivateInPlace(inner, start - _past, x.Rows, Activations2[index]);
            AddRows(x.RowRange(start, end - start), y.RowRange(start, end - start), accumulate);
            Convs2[index].ForwardWindow(inner.Pointer, end - start, y.Pointer + ((long)start * _channels), accumulate: true);

            scratch.Return(outer);
            scratch.Return(inner);
        });
    }

    /// <summary>window = snake(rows of x from firstRow on), zero where x has no rows.</summary>
    private static void Activate(Tensor x, int firstRow, float[] alpha, Tensor window)
    {
        var (from, to) = Inside(window, firstRow, x.Rows);
        Activations.Snake(x.RowRange(firstRow + from, to - from), alpha, window.RowRange(from, to - from));
        ClearOutside(window, from, to);
    }

    private static void ActivateInPlace(Tensor window, int firstRow, int rows, float[] alpha)
    {
        var (from, to) = Inside(window, firstRow, rows);
        var inside = window.RowRange(from, to - from);
        Activations.Snake(inside, alpha, inside);
        ClearOutside(window, from, to);
    }

    /// <summary>Which rows of a window that begins at firstRow lie within [0, rows).</summary>
    private static (int From, int To) Inside(Tensor window, int firstRow, int rows) =>
        (Math.Max(0, -firstRow), Math.Min(window.Rows, rows - firstRow));

    private static void ClearOutside(Tensor window, int from, int to)
    {
        window.RowRange(0, from).Clear();
        window.RowRange(to, window.Rows - to).Clear();
    }

    private static void AddRows(ReadOnlySpan<float> x, Span<float> y, bool accumulate)
    {
        if (accumulate)
        {
            Arithmetic.Add(y, x);
        }
        else
        {
            x.CopyTo(y);
        }
    }
}
