using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.Enrolment.Onnx;
using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Enrolment;

/// <summary>
/// Who speaks: filter banks [frames, 80] to an embedding of 192 numbers, by CAM++ (Wang et al. 2023) as campplus.onnx describes it.
/// </summary>
internal sealed class SpeakerEncoder(OnnxFile file, Workers workers)
{
    private readonly OnnxGraph _graph = new(file, workers);

    /// <param name="features">[frames, 80], without their mean over time.</param>
    /// <returns>[192]</returns>
    /// <exception cref="CheckpointException">The file's network cannot be computed, or gives something else.</exception>
    public float[] Embed(Tensor features)
    {
        var input = new OnnxValue([1, features.Rows, KaldiFbank.Bins], features.Span.ToArray());
        var embedding = _graph.Run([input], _graph.Outputs.Take(1).ToArray())[0];
        return embedding is { IsReal: true, Count: Speaker.EmbeddingSize } && embedding.Reals.All(float.IsFinite)
            ? embedding.Reals
            : throw new CheckpointException(file.Path, [$"it gives [{string.Join(", ", embedding.Shape)}]; {Speaker.EmbeddingSize} finite numbers are expected"]);
    }
}
