namespace CosyVoice.Models;

/// <summary>A generation of CosyVoice.</summary>
public enum ModelKind
{
    CosyVoice2,
    CosyVoice3,
}
