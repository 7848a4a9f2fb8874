using CosyVoice.Audio;
using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>Turns the speech tokens of one segment into samples, chunk by chunk: flow, change of speed, vocoder.</summary>
internal sealed class SegmentRenderer : IDisposable
{
    private readonly IFlow _flow;
    private readonly Speaker _speaker;
    private readonly int _framesPerToken;
    private readonly double _speed;
    private readonly MelResizeStream _resize;
    private readonly IVocoderStream _vocoder;

    public SegmentRenderer(IFlow flow, IVocoderStream vocoder, Speaker speaker, SegmentTiming timing, double speed)
    {
        (_flow, _vocoder, _speaker, _speed) = (flow, vocoder, speaker, speed);
        (LookAhead, _framesPerToken) = (timing.LookAheadTokens, timing.FramesPerToken);
        _resize = new MelResizeStream(speed);
    }

    /// <summary>Tokens at the end of a chunk that is not final, which yield no sound yet.</summary>
    public int LookAhead { get; }

    /// <summary>Sees the new mel frames of a chunk, [frames, 80], before any change of speed.</summary>
    public Action<Tensor>? OnMel { get; init; }

    /// <summary>Names the shape of the chunk's <see cref="Request"/>.</summary>
    public int ShapeOf(FlowChunk chunk) => _flow.ShapeOf(_speaker.FlowPromptTokens.Length + chunk.Tokens, chunk.Finalize);

    /// <summary>What the flow is asked for a chunk.</summary>
    /// <param name="tokens">The segment's speech tokens so far.</param>
    public FlowRequest Request(IReadOnlyList<int> tokens, FlowChunk chunk) => new()
    {
        Embedding = _speaker.Embedding,
        PromptTokens = _speaker.FlowPromptTokens,
        PromptMel = _speaker.PromptMel,
        Tokens = tokens.Take(chunk.Tokens).ToArray(),
        Streaming = chunk.Streaming,
        Finalize = chunk.Finalize,
    };

    /// <summary>What is to be decoded for the chunk; null: nothing yet.</summary>
    /// <param name="mel">What the flow answered.</param>
    public VocoderPassage? Prepare(Tensor mel, FlowChunk chunk)
    {
        var spoken = chunk.Offset * _framesPerToken;
        using var fresh = Tensor.From(mel.RowRange(spoken, mel.Rows - spoken), mel.Rows - spoken, mel.Columns);
        OnMel?.Invoke(fresh);
        using var timed = ChangeSpeed(fresh, chunk);
        return _vocoder.Prepare(timed ?? fresh, chunk.Finalize);
    }

    /// <summary>The samples that the chunk completes.</summary>
    /// <param name="decoded">What became of the passage that was prepared.</param>
    public float[] Take(float[] decoded) => _vocoder.Take(decoded);

    public void Save(StateWriter state)
    {
        _resize.Save(state);
        _vocoder.Save(state);
    }

    /// <summary>Makes a new renderer of the same request go on where one was saved.</summary>
    /// <exception cref="StateException">The state does not fit.</exception>
    public void Restore(StateReader state)
    {
        _resize.Restore(state);
        _vocoder.Restore(state);
    }

    public void Dispose()
    {
        _resize.Dispose();
        _vocoder.Dispose();
    }

    /// <summary>A segment that is one chunk is resized as a whole, like the reference does; null at speed 1.</summary>
    private Tensor? ChangeSpeed(Tensor mel, FlowChunk chunk) =>
        _speed == 1 ? null
        : chunk is { Offset: 0, Finalize: true } ? MelResize.Resize(mel, _speed)
        : _resize.Append(mel, chunk.Finalize);
}

/// <summary>How a flow counts.</summary>
public readonly record struct SegmentTiming
{
    /// <summary>Tokens of the first streamed chunk: the flow's attention chunk.</summary>
    public required int ChunkTokens { get; init; }

    /// <summary>Tokens that the flow sees beyond those it turns into frames.</summary>
    public required int LookAheadTokens { get; init; }

    public required int FramesPerToken { get; init; }
}
