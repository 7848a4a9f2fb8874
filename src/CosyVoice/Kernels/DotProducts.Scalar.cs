namespace CosyVoice.Kernels;

/// <content>The specification: what the vector forms compute, bit for bit.</content>
public static unsafe partial class DotProducts
{
    private static void RunScalar(in Product p, int columnStart, int columnEnd)
    {
        for (var n = columnStart; n < columnEnd; n++)
        {
            for (var i = 0; i < p.Rows; i++)
            {
                var sum = DotScalar(p.X + (i * p.XStride), p.Weight + (n * p.WeightStride), p.Depth);
                p.C[(i * p.CStride) + n] = p.Bias == null ? sum : sum + p.Bias[n];
            }
        }
    }

    private static float DotScalar(float* a, float* b, int depth)
    {
        Span<float> lanes = stackalloc float[SumLanes];
        lanes.Clear();
        for (var start = 0; start < depth; start += SumLanes)
        {
            for (var lane = 0; lane < SumLanes; lane++)
            {
                var k = start + lane;
                lanes[lane] = MathF.FusedMultiplyAdd(k < depth ? a[k] : 0, k < depth ? b[k] : 0, lanes[lane]);
            }
        }

        for (var half = SumLanes / 2; half > 0; half /= 2)
        {
            for (var lane = 0; lane < half; lane++)
            {
                lanes[lane] += lanes[lane + half];
            }
        }

        return lanes[0];
    }
}
