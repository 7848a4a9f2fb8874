namespace CosyOrleans.Frontend.Tests.Hostile;

/// <summary>What counts connections and memory of the process, with nothing beside it.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
