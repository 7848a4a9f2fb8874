using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Admission;

/// <summary>Who may have a slot, given how many are taken and how many of those by batch.</summary>
/// <param name="Slots">Speeches generated at the same time, at least 1.</param>
internal readonly record struct SlotRules(int Slots)
{
    // One slot in eight is kept for somebody who comes and listens; a node with a single slot has none to spare.
    private const int SlotsPerReserved = 8;

    /// <summary>Most slots that batch takes.</summary>
    public int BatchSlots => Slots == 1 ? 1 : Slots - ((Slots + SlotsPerReserved - 1) / SlotsPerReserved);

    /// <summary>Most speeches at the same time when some of them were cut off elsewhere: losing a node of two must not silence its listeners.</summary>
    public int UrgentSlots => 2 * Slots;

    public bool MayStart(SpeechLoad load, int running, int runningBatch) =>
        load is { IsUrgent: true, IsBack: false } ? running < UrgentSlots : running < Slots && (load.Lane != SpeechLane.Batch || runningBatch < BatchSlots);
}
