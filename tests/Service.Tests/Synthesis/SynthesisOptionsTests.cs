using System.ComponentModel.DataAnnotations;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Synthesis;

public sealed class SynthesisOptionsTests
{
    public static TheoryData<SynthesisOptions> AtTheBounds =>
    [
        new SynthesisOptions(),
        new SynthesisOptions
        {
            MaxRunning = 1,
            MaxQueued = 0,
            MaxWaitSeconds = 0,
            BatchAgeingSeconds = 1,
            MaxTextCharacters = 1,
            FrameMilliseconds = 5,
            ReadAheadSeconds = 1,
        },
        new SynthesisOptions
        {
            MaxRunning = 256,
            MaxQueued = 10_000,
            MaxWaitSeconds = 3600,
            BatchAgeingSeconds = 3600,
            MaxTextCharacters = 100_000,
            FrameMilliseconds = 1000,
            ReadAheadSeconds = 3600,
        },
    ];

    public static TheoryData<SynthesisOptions> BeyondTheBounds =>
    [
        new SynthesisOptions
        {
            MaxRunning = 0,
            MaxQueued = -1,
            MaxWaitSeconds = -0.1,
            BatchAgeingSeconds = 0.9,
            MaxTextCharacters = 0,
            FrameMilliseconds = 4,
            ReadAheadSeconds = 0,
        },
        new SynthesisOptions
        {
            MaxRunning = 257,
            MaxQueued = 10_001,
            MaxWaitSeconds = 3600.1,
            BatchAgeingSeconds = 3600.1,
            MaxTextCharacters = 100_001,
            FrameMilliseconds = 1001,
            ReadAheadSeconds = 3601,
        },
    ];

    [Theory]
    [MemberData(nameof(AtTheBounds))]
    public void Validate_InRange_FindsNothing(SynthesisOptions options) => Assert.Empty(Validate(options));

    [Theory]
    [MemberData(nameof(BeyondTheBounds))]
    public void Validate_OutOfRange_FindsEach(SynthesisOptions options) => Assert.Equal(7, Validate(options).Count);

    private static List<ValidationResult> Validate(SynthesisOptions options)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results;
    }
}
