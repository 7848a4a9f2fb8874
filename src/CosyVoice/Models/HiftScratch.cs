using System.Collections.Concurrent;
using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>Intermediate results of one call of the vocoder; kept between calls, never shared by two at a time.</summary>
internal sealed class HiftScratch : IDisposable
{
    private readonly ConcurrentBag<Tensor> _windows = [];

    public Tensor Pitch { get; } = new();

    public HarmonicPhases Phases { get; } = new();

    public Tensor Noise { get; } = new();

    public Tensor PaddedSource { get; } = new();

    public Tensor SourceSpectrum { get; } = new();

    public Tensor SourceDown { get; } = new();

    public Tensor Stage { get; } = new();

    public Tensor Upsampled { get; } = new();

    public Tensor Running0 { get; } = new();

    public Tensor Running1 { get; } = new();

    public Tensor Spectrum { get; } = new();

    public Tensor Frames { get; } = new();

    /// <summary>A buffer for one block of rows, to be given back.</summary>
    public Tensor RentWindow(int rows, int columns)
    {
        var window = _windows.TryTake(out var used) ? used : new Tensor();
        window.Resize(rows, columns);
        return window;
    }

    public void Return(Tensor window) => _windows.Add(window);

    public void Dispose()
    {
        Tensor[] own =
        [
            Pitch, Noise, PaddedSource, SourceSpectrum, SourceDown, Stage, Upsampled, Running0, Running1, Spectrum, Frames,
        ];
        foreach (var tensor in own.Concat(_windows))
        {
            tensor.Dispose();
        }
    }
}
