using CosyVoice.Engine;

namespace CosyVoice.Parity;

/// <summary>Decodes as an engine does, with recorded draws.</summary>
internal sealed class Decoding(ILanguageModel model, ITokenSampler sampler, float[] uniforms) : IDisposable
{
    private readonly ISequenceCache _cache = model.CreateCache();
    private int _used;

    /// <summary>Of the recorded draws.</summary>
    public int Left => uniforms.Length - _used;

    /// <summary>New inputs and cached ones of every step.</summary>
    public List<int> Trace { get; } = [];

    /// <summary>A sampler may look at a draw that it does not need in the end.</summary>
    public double Uniform(int draw) => _used + draw < uniforms.Length ? uniforms[_used + draw] : 0;

    /// <summary>Until the end, or until more text is needed.</summary>
    /// <param name="inputs">At most so many in a step.</param>
    public void Run(ITokenSource tokens, int inputs = int.MaxValue)
    {
        var drawn = new DrawnToken[1];
        while (!tokens.Ended && tokens.NextInputs(inputs) is { IsEmpty: false } next)
        {
            Trace.AddRange([next.Length, _cache.Length]);
            drawn[0] = default;
            model.Sample([new(_cache, next) { Draw = tokens.Draw(next.Length) }], sampler, drawn);
            _used += drawn[0].Draws;
            tokens.Accept(next.Length, drawn[0].Id);
        }
    }

    public void Dispose() => _cache.Dispose();
}
