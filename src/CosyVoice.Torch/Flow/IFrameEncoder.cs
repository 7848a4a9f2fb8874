using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>Makes the first guess at the mel, mu, of tokens.</summary>
internal interface IFrameEncoder
{
    /// <summary>The id that stands for no token, embedded as zeros: padding, and the look-ahead where nothing follows.</summary>
    int NoToken { get; }

    /// <param name="ids">[count, size + look-ahead], padded with <see cref="NoToken"/>.</param>
    /// <returns>[count, ratio * size, mel bins]; what comes of padding is undefined, but finite.</returns>
    Tensor Forward(Tensor ids, FlowBatch batch, TorchTrace? trace);
}
