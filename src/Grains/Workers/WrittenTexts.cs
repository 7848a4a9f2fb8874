using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CosyOrleans.Grains.Messages;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Grains.Workers;

/// <summary>The texts that are being written elsewhere and spoken here. Each lives as long as its speech.</summary>
internal sealed class WrittenTexts
{
    private readonly ConcurrentDictionary<string, TextInput> _texts = [];

    /// <summary>Speaks a text that arrives under the message's name. The first part says that it may be sent.</summary>
    public async IAsyncEnumerable<SpeechPart> SpeakAsync(
        ISynthesis synthesis, SpeakMessage message, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var text = new TextInput(); // How long nobody may write is for those to say who hold the writer's connection.
        _texts[message.TextId!] = text;
        try
        {
            yield return SpeechPart.Heartbeat;
            await foreach (var part in synthesis.SpeakInPartsAsync(message.ToRequest(text), cancellationToken))
            {
                yield return part;
            }
        }
        finally
        {
            _texts.TryRemove(message.TextId!, out _);
        }
    }

    /// <summary>Whether the text is spoken here.</summary>
    public bool Write(TextMessage message)
    {
        if (!_texts.TryGetValue(message.TextId, out var text))
        {
            return false;
        }

        try
        {
            message.WriteTo(text);
        }
        catch (SpeechException)
        {
            // Who speaks the text is told, and so is whoever listens.
        }

        return true;
    }
}
