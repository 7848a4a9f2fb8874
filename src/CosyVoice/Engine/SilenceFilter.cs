using System.Collections.Frozen;
using CosyVoice.Models;

namespace CosyVoice.Engine;

/// <summary>
/// What is spoken of the tokens that a language model decodes. Version 3 falls into silence that does not end; of its silent
/// tokens no more than five in a row are spoken (cosyvoice/cli/model.py, CosyVoice3Model.llm_job).
/// </summary>
internal sealed class SilenceFilter(ModelKind kind)
{
    private const int LongestRun = 5;

    private static readonly FrozenSet<int> Silent = FrozenSet.Create(1, 2, 28, 29, 55, 248, 494, 2241, 2242, 2322, 2323);

    private readonly List<int> _spoken = [];
    private int _seen;
    private int _run;

    /// <param name="decoded">All tokens so far; those of the call before are its beginning.</param>
    public IReadOnlyList<int> Spoken(IReadOnlyList<int> decoded)
    {
        if (kind != ModelKind.CosyVoice3)
        {
            return decoded;
        }

        for (; _seen < decoded.Count; _seen++)
        {
            _run = Silent.Contains(decoded[_seen]) ? _run + 1 : 0;
            if (_run <= LongestRun)
            {
                _spoken.Add(decoded[_seen]);
            }
        }

        return _spoken;
    }
}
