using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>What items can ask for.</summary>
/// <param name="Voices">Those of the catalogue; null when it is not known yet.</param>
/// <param name="Unavailable">Formats that cannot be had here, and why.</param>
internal sealed record JobOffer(IReadOnlySet<string>? Voices, IReadOnlyDictionary<AudioFormat, Violation> Unavailable);
