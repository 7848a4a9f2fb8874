using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>Makes the first guess at the mel, mu, of the embedded tokens.</summary>
internal interface IFlowEncoder : IDisposable
{
    /// <summary>s.Tokens [tokens, input size] to s.Mu [frames, mel bins].</summary>
    /// <param name="streaming">Frames of complete chunks must not change when more tokens follow.</param>
    /// <param name="finalize">Nothing follows. Otherwise the last tokens are only looked at and yield no frames.</param>
    void Forward(Workers workers, bool streaming, bool finalize, FlowScratch s, FlowTrace? trace);
}
