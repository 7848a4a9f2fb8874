namespace CosyOrleans.Service.Admission;

/// <summary>Predicts how long a text will sound, from what earlier texts did. Not thread-safe.</summary>
internal sealed class SpeechPricing
{
    // Older speeches fade, so that the estimate follows the language people are using now.
    private const double Fading = 0.9;

    private double _tokens;
    private double _seconds;

    /// <summary>Seconds of sound per text token at speed 1; 0.2 before anything was heard.</summary>
    public double SecondsPerToken => _tokens > 0 ? _seconds / _tokens : 0.2;

    public double Predict(int textTokens, double speed) => textTokens * SecondsPerToken / speed;

    public void Observe(int textTokens, double speed, double seconds)
    {
        _tokens = _tokens * Fading + textTokens;
        _seconds = _seconds * Fading + seconds * speed;
    }
}
