using System.CommandLine;
using CosyOrleans.Service.Nodes;
using CosyVoice.Text;

namespace CosyOrleans.Cli;

/// <summary>Options that several commands share.</summary>
internal static class ModelOption
{
    /// <summary>--model DIR.</summary>
    public static Option<string> Model() => new("--model", "-m")
    {
        Description = "The model folder: cosyvoice2.yaml or cosyvoice3.yaml, llm.pt, flow.pt, hift.pt, CosyVoice-BlankEN/. Default: the built-in voice.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DefaultModel.Find() ?? "models/default",
    };

    /// <summary>--reference-text.</summary>
    public static Option<bool> ReferenceText() => new("--reference-text")
    {
        Description = "Read texts exactly as the reference implementation does, for comparisons with it.", Arity = ArgumentArity.Zero,
    };

    /// <summary>What <see cref="ReferenceText"/> says.</summary>
    public static TextReading Reading(bool asReference) => asReference ? TextReading.Reference : TextReading.Spoken;

    /// <summary>--device NAME.</summary>
    public static Option<string> Device()
    {
        var option = new Option<string>("--device")
        {
            Description = "What the model computes on: cpu, cuda:0, cuda:1, … Default: cpu.", HelpName = "NAME", DefaultValueFactory = _ => ComputeDevices.Processor,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && ComputeDevices.WhyNot(name) is { } problem)
            {
                result.AddError($"--device: {problem}");
            }
        });
        return option;
    }

    /// <summary>--threads N.</summary>
    public static Option<int> Threads() => IntegerOption.Create(
        "--threads", 1, 1024, Environment.ProcessorCount, $"Threads that compute, 1 to 1024. Default: {Environment.ProcessorCount}, all of this machine.");
}
