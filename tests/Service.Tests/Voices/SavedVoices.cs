using CosyVoice.Engine;
using CosyVoice.Weights;

namespace CosyOrleans.Service.Tests.Voices;

/// <summary>Content of files as torch.save writes spk2info.pt.</summary>
internal static class SavedVoices
{
    public static byte[] Of(params string[] ids) => OfSize(Speaker.EmbeddingSize, ids);

    /// <param name="size">Of the embeddings.</param>
    public static byte[] OfSize(int size, params string[] ids)
    {
        var path = Path.GetTempFileName();
        try
        {
            TorchFileWriter.Write(path, ids.ToDictionary(
                id => id, object (_) => new Dictionary<string, object> { ["embedding"] = new TensorToWrite([1, size], new float[size]) }));
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
