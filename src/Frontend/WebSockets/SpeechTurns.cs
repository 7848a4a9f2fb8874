using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>Which commands make sense when, on a connection with one speech after another. Not thread-safe.</summary>
internal sealed class SpeechTurns
{
    private Phase _phase;

    private enum Phase
    {
        Idle,
        Writing,

        /// <summary>The text has ended; it is being spoken.</summary>
        Written,

        /// <summary>Over before its text was; the rest of the text may still be on its way.</summary>
        Abandoned,
    }

    /// <summary>Whether a command is to be followed. Neither that nor an error: it came too late to mean anything.</summary>
    public (bool IsFollowed, SpeechException? Error) Take(SpeechCommand command)
    {
        var isUnderWay = _phase is Phase.Writing or Phase.Written;
        switch (command)
        {
            case SpeechCommand.Begin when isUnderWay:
                return (false, Wrong("A speech is under way on this connection.", "Wait until it has finished, cancel it, or use another connection."));
            case SpeechCommand.Begin:
                _phase = Phase.Writing;
                return (true, null);
            case SpeechCommand.Cancel:
                return (isUnderWay, null);
            case SpeechCommand.End when _phase == Phase.Writing:
                _phase = Phase.Written;
                return (true, null);
            default:
                return _phase switch
                {
                    Phase.Idle => (false, Wrong("There is no speech to which this text could belong.", "Begin one first.")),
                    Phase.Written => (false, Wrong("The text of this speech has already ended.", "Begin another speech when this one has finished.")),
                    _ => (_phase == Phase.Writing, null),
                };
        }
    }

    /// <summary>The speech is over, for whatever reason.</summary>
    public void Over() => _phase = _phase == Phase.Writing ? Phase.Abandoned : Phase.Idle;

    private static SpeechException Wrong(string message, string solution) =>
        SpeechException.Invalid([new Violation(SpeechErrorCodes.RequestInvalid, message, solution)]);
}
