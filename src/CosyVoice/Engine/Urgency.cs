namespace CosyVoice.Engine;

/// <summary>
/// How soon a sequence needs its next sound: first streams about to run dry, then first packets and whatever
/// has waited long, then streams with sound in hand, then requests that are delivered whole, then the background.
/// Within a lane the earlier deadline. Smaller is sooner.
/// </summary>
internal readonly record struct Urgency(int Lane, double Deadline) : IComparable<Urgency>
{
    /// <summary>Seconds of sound in hand below which a stream is about to run dry.</summary>
    private const double Margin = 1;

    /// <summary>Seconds after which a whole delivery counts as a first packet, so that streams cannot starve it.</summary>
    private const double Patience = 30;

    private const int BackgroundLane = 4;

    /// <param name="streaming">Whether someone may be listening while the sound is made.</param>
    /// <param name="arrival">Seconds on the engine's clock.</param>
    /// <param name="playedOut">When a listener who began at the first packet has heard all that was sent; null before that.</param>
    /// <param name="now">Seconds on the engine's clock.</param>
    public static Urgency Of(bool streaming, double arrival, double? playedOut, double now)
    {
        if (!streaming)
        {
            return now - arrival > Patience ? new(1, arrival + Patience) : new(3, arrival);
        }

        return playedOut is not { } end ? new(1, arrival) : end - now < Margin ? new(0, end) : new(2, end);
    }

    /// <summary>Behind everybody; once it has stood still for long, among those who have sound in hand, never before a listener who has not.</summary>
    /// <param name="progress">When it last got on, seconds on the engine's clock.</param>
    /// <param name="now">Seconds on the engine's clock.</param>
    public static Urgency OfBackground(double progress, double now) =>
        now - progress > Patience ? new(2, progress + Patience) : new(BackgroundLane, progress);

    /// <summary>Nobody waits for it.</summary>
    public bool IsBackground => Lane == BackgroundLane;

    /// <summary>Somebody waits who hears nothing until then.</summary>
    public bool IsPressing => Lane <= 1;

    public int CompareTo(Urgency other) =>
        Lane != other.Lane ? Lane.CompareTo(other.Lane) : Deadline.CompareTo(other.Deadline);
}
