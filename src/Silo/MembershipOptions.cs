using System.ComponentModel.DataAnnotations;

namespace CosyOrleans.Silo;

/// <summary>
/// How soon the cluster believes that a silo is dead. The defaults were measured on two silos: calls succeed again 3 to 4 s
/// after a kill and about 9 s after a freeze, against 11 to 19 s and never with the defaults of Orleans. Streams do not
/// wait for this; grains that lived on the dead silo do. A silo that pauses for longer than
/// <see cref="ProbeSeconds"/> × <see cref="MissedProbes"/> is declared dead and exits.
/// </summary>
public sealed class MembershipOptions
{
    /// <summary>Time between probes of a silo, and for its answer. 0.5 to 60 s, default 2.</summary>
    [Range(0.5, 60.0)]
    public double ProbeSeconds { get; set; } = 2;

    /// <summary>Probes in a row that may be missed. 1 to 20, default 3; 2 with probes of 1 s is quicker, and takes a pause of 2 s for a death.</summary>
    [Range(1, 20)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>Silos that have to agree on a death; with fewer silos, all of them. 1 to 10, default 2.</summary>
    [Range(1, 10)]
    public int Votes { get; set; } = 2;

    /// <summary>
    /// Time between signs of life in the database. A silo that joins tries to reach all that gave one lately, so after the
    /// loss of every silo the first to come back waits up to three times as long. 1 to 300 s, default 5.
    /// </summary>
    [Range(1.0, 300.0)]
    public double SignOfLifeSeconds { get; set; } = 5;

    /// <summary>Time between readings of the table of members, in case a message was lost. 1 to 300 s, default 10.</summary>
    [Range(1.0, 300.0)]
    public double RefreshSeconds { get; set; } = 10;
}
