using System.Text;

namespace CosyVoice.Text.Reading;

/// <summary>One thing that is written otherwise than it is said, such as a date.</summary>
internal interface IReadingRule
{
    /// <summary>
    /// If what begins at a position is this rule's, appends what is said and returns how many characters that stands for;
    /// 0 otherwise. Called for ascending positions; what a rule returned is never shown to another, so a rule that takes time
    /// in proportion to what it returns, or looks ahead only a bounded way, keeps the whole linear.
    /// </summary>
    int Read(Passage passage, int at, StringBuilder spoken);
}
