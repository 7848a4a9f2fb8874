using System.Text;

namespace CosyOrleans.Frontend.Tests;

/// <summary>What is almost a message: up to three of its bytes changed, pieces left out, pieces repeated.</summary>
internal static class MutatedBytes
{
    public static byte[] Of(string good, Random random) => Of(Encoding.UTF8.GetBytes(good), random);

    public static byte[] Of(byte[] good, Random random)
    {
        var message = good.ToList();
        for (var changes = random.Next(4); changes > 0 && message.Count > 0; changes--)
        {
            var at = random.Next(message.Count);
            switch (random.Next(3))
            {
                case 0:
                    message[at] = (byte)random.Next(256);
                    break;
                case 1:
                    message.RemoveRange(at, Math.Min(random.Next(20), message.Count - at));
                    break;
                default:
                    message.InsertRange(at, message.Skip(random.Next(message.Count)).Take(random.Next(20)).ToArray());
                    break;
            }
        }

        return [.. message];
    }
}
