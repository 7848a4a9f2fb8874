using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>A flow whose stages can be compared with the reference's.</summary>
internal interface ITracedFlow : IFlow
{
    Tensor Generate(FlowRequest request, FlowTrace? trace, CancellationToken cancellationToken);
}
