using System.Security.Cryptography;
using System.Text;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Nodes;

/// <summary>A digest of every file of a model, by name, of the build of the engine, and of what computes.</summary>
internal static class ModelFingerprint
{
    /// <summary>Reads gigabytes, a second or so for each.</summary>
    public static string Of(string directory, string computes)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(Encoding.UTF8.GetBytes(computes));
        all.AppendData(typeof(SpeechEngine).Module.ModuleVersionId.ToByteArray());
        foreach (var path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            all.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(directory, path).Replace('\\', '/') + '\0'));
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
            all.AppendData(SHA256.HashData(file));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}
