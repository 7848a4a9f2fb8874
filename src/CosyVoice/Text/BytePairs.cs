namespace CosyVoice.Text;

/// <summary>
/// Joins a piece's byte tokens, the pair of lowest rank first, from left to right among equals (Sennrich et al. 2016). The
/// candidates wait in a heap, so that a piece of n bytes takes n log n steps however it is made.
/// </summary>
internal sealed class BytePairs
{
    private const int None = -1;

    private readonly Dictionary<(int Left, int Right), (int Rank, int Joined)> _ranks;
    private readonly PriorityQueue<(int At, int Left, int Right, int Joined), (int Rank, int At)> _candidates = new();
    private int[] _ids = [];
    private int[] _next = [];
    private int[] _previous = [];

    public BytePairs(Dictionary<(int Left, int Right), (int Rank, int Joined)> ranks) => _ranks = ranks;

    /// <summary>Appends the tokens that <paramref name="bytes"/>, a piece's byte tokens, become.</summary>
    public void Join(ReadOnlySpan<int> bytes, List<int> output)
    {
        Prepare(bytes);
        while (_candidates.TryDequeue(out var pair, out _))
        {
            var right = _next[pair.At];
            if (_ids[pair.At] != pair.Left || right == None || _ids[right] != pair.Right)
            {
                continue; // One of the two has been joined with another meanwhile.
            }

            _ids[pair.At] = pair.Joined;
            _ids[right] = None;
            _next[pair.At] = _next[right];
            if (_next[right] != None)
            {
                _previous[_next[right]] = pair.At;
            }

            Offer(_previous[pair.At]);
            Offer(pair.At);
        }

        for (var at = 0; at != None; at = _next[at])
        {
            output.Add(_ids[at]);
        }
    }

    private void Prepare(ReadOnlySpan<int> bytes)
    {
        if (_ids.Length < bytes.Length)
        {
            _ids = new int[bytes.Length];
            _next = new int[bytes.Length];
            _previous = new int[bytes.Length];
        }

        bytes.CopyTo(_ids);
        for (var at = 0; at < bytes.Length; at++)
        {
            _previous[at] = at - 1;
            _next[at] = at + 1 < bytes.Length ? at + 1 : None;
        }

        for (var at = 0; at < bytes.Length - 1; at++)
        {
            Offer(at);
        }
    }

    private void Offer(int at)
    {
        if (at != None && _next[at] != None && _ranks.TryGetValue((_ids[at], _ids[_next[at]]), out var pair))
        {
            _candidates.Enqueue((at, _ids[at], _ids[_next[at]], pair.Joined), (pair.Rank, at));
        }
    }
}
