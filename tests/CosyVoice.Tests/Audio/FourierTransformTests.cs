using System.Numerics;
using CosyVoice.Audio;

namespace CosyVoice.Tests.Audio;

public class FourierTransformTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(30)]
    [InlineData(400)]
    [InlineData(512)]
    [InlineData(1920)]
    public void Power_RandomSignal_IsThatOfTheDefinition(int size)
    {
        var random = new Random(size);
        double[] signal = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble() - 0.5)];
        var power = new double[(size / 2) + 1];

        new FourierTransform(size).Power(signal, power);

        for (var k = 0; k < power.Length; k += Math.Max(1, power.Length / 40))
        {
            var sum = Complex.Zero;
            for (var n = 0; n < size; n++)
            {
                sum += signal[n] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)n * k % size) / size);
            }

            Assert.Equal((sum * Complex.Conjugate(sum)).Real, power[k], 1e-9);
        }
    }
}
