using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>Makes the first guess at the mel, mu, of tokens.</summary>
internal interface IFrameEncoder
{
    /// <summary>The id that stands for no token, embedded as zeros: padding, and the look-ahead where nothing follows.</summary>
    int NoToken { get; }

    /// <param name="ids">[1, size + look-ahead], padded with <see cref="NoToken"/>.</param>
    /// <param name="tokens">How many of size yield frames; what comes of the others is undefined, but finite.</param>
    /// <param name="streaming">Frames of complete chunks must not depend on what follows.</param>
    /// <returns>[1, ratio * size, mel bins].</returns>
    Tensor Forward(Tensor ids, int tokens, bool streaming, TorchTrace? trace);
}
