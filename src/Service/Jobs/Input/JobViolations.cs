using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>Everything that is wrong with an order, the first few in words.</summary>
internal sealed class JobViolations
{
    private const int Shown = 10;

    private readonly List<Violation> _shown = [];
    private int _count;

    public bool Any => _count > 0;

    public void Add(string? where, string code, string message, string solution)
    {
        if (_count++ < Shown)
        {
            _shown.Add(new Violation(code, where is null ? message : $"{where}: {message}", solution));
        }
    }

    /// <exception cref="SpeechException">There is at least one.</exception>
    public void Throw()
    {
        if (!Any)
        {
            return;
        }

        if (_count > Shown)
        {
            _shown.Add(new Violation(JobErrorCodes.JobInvalid, $"And {_count - Shown:N0} more errors.", "Correct these first."));
        }

        throw SpeechException.Invalid(_shown);
    }
}
