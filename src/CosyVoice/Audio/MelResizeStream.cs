using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Audio;

/// <summary>
/// <see cref="MelResize"/> for a mel that arrives in pieces: the same number of frames, and the same values however it
/// is cut. The length being unknown, the scale is the speed itself, from which that of a whole mel,
/// frames / FrameCount, differs by the rounding of the frame count.
/// </summary>
internal sealed class MelResizeStream : IDisposable
{
    private readonly double _speed;
    private readonly FrameQueue _held = new(); // What a later result may still read.
    private int _emitted;

    public MelResizeStream(double speed)
    {
        if (!(speed > 0 && double.IsFinite(speed)))
        {
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "The speed must be above 0, 1 being unchanged.");
        }

        _speed = speed;
    }

    /// <summary>Takes the next frames, [frames, bins], and returns those that are determined by now, as a new tensor.</summary>
    public Tensor Append(Tensor mel, bool last)
    {
        _held.Append(mel);
        var ready = _emitted;
        while (IsDetermined(ready, last))
        {
            ready++;
        }

        var result = new Tensor();
        result.Resize(ready - _emitted, mel.Columns);
        for (var row = 0; row < result.Rows; row++)
        {
            var (frame, weight) = MelResize.Position(_emitted + row, _speed);
            MelResize.Blend(_held.Frames, frame - _held.First, weight, result.Row(row));
        }

        _emitted = ready;
        _held.DropBefore(MelResize.Position(_emitted, _speed).Frame);
        return result;
    }

    public void Save(StateWriter state)
    {
        state.Write(_emitted);
        _held.Save(state);
    }

    /// <summary>Continues, at the same speed, a stream that was saved.</summary>
    public void Restore(StateReader state)
    {
        _emitted = state.ReadInt("resized frames", 0, int.MaxValue / 2);
        _held.Restore(state);
        if (MelResize.Position(_emitted, _speed).Frame < _held.First)
        {
            throw new StateException($"The state of a speech lacks mel frames before {_held.First}, which a speed of {_speed} still needs.");
        }
    }

    public void Dispose() => _held.Dispose();

    private bool IsDetermined(int i, bool last)
    {
        var (frame, weight) = MelResize.Position(i, _speed);
        return i < MelResize.FrameCount(_held.End, _speed) && (last || frame + (weight > 0 ? 1 : 0) < _held.End);
    }
}
