using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>A vocoder whose stages can be compared with the reference's.</summary>
internal interface ITracedVocoder : IVocoder
{
    IExcitation BeginExcitation(ExcitationNoise noise, HiftTrace? trace);

    float[] Decode(Tensor mel, ReadOnlySpan<float> excitation, HiftTrace? trace);
}
