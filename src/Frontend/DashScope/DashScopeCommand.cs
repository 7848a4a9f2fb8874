using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>A message of a DashScope client, of the task that it names.</summary>
internal abstract record DashScopeCommand(string TaskId)
{
    /// <param name="Request">Everything but the text, with what is wrong with it.</param>
    /// <param name="Gain">What samples are multiplied with.</param>
    /// <param name="Text">The beginning of the text, which some clients send along.</param>
    /// <param name="IsTimed">Whether to tell when words are said.</param>
    public sealed record Run(string TaskId, SpeakRequest Request, AudioOutput Output, double Gain, string? Text, bool IsTimed) : DashScopeCommand(TaskId);

    public sealed record Continue(string TaskId, string Text) : DashScopeCommand(TaskId);

    public sealed record Flush(string TaskId) : DashScopeCommand(TaskId);

    public sealed record Finish(string TaskId) : DashScopeCommand(TaskId);
}
