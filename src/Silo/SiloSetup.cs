using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Silo;

/// <summary>What whoever hosts a silo may change before it starts.</summary>
public sealed class SiloSetup
{
    internal SiloSetup(SiloOptions options) => Options = options;

    /// <summary>As read from the settings; checked afterwards.</summary>
    public SiloOptions Options { get; }

    /// <summary>Makes the model of a device; null for the engine with the model folder.</summary>
    public Func<string, ILoadedModel>? Load { get; set; }

    /// <summary>Has the last word on the silo itself.</summary>
    public Action<ISiloBuilder>? Silo { get; set; }
}
