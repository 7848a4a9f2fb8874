namespace CosyVoice.Engine;

/// <summary>Results that are no numbers, as a type too small for a model gives them: nobody is to hear that.</summary>
internal static class NotFinite
{
    public static NotFiniteNumberException Error(string what) => new($"{what} of the model are not numbers.");
}
