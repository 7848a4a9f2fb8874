namespace CosyOrleans.Grains.Jobs;

/// <summary>
/// Changes of a grain's state that come while a write is under way share the next one, so that there is never more than
/// one write at a time, however many callers there are. Used within one activation.
/// </summary>
internal sealed class SharedWrites<T>(IPersistentState<T> stored)
{
    private readonly SemaphoreSlim _storage = new(1);
    private List<(Action<T> Change, TaskCompletionSource Written)> _waiting = [];
    private bool _busy;
    private bool _stale;

    /// <summary>The state; after a failed write it is what the storage has.</summary>
    public async ValueTask<T> ReadAsync()
    {
        if (_stale)
        {
            await _storage.WaitAsync();
            try
            {
                await RefreshAsync();
            }
            finally
            {
                _storage.Release();
            }
        }

        return stored.State;
    }

    /// <summary>Completes when the change is stored. Changes are made in the order of the calls.</summary>
    /// <exception cref="Exception">The write that held it failed; what the storage has is read again before anything else.</exception>
    public Task ChangeAsync(Action<T> change)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((change, written));
        if (!_busy)
        {
            _busy = true;
            _ = WriteAllAsync();
        }

        return written.Task;
    }

    public async Task ClearAsync()
    {
        await _storage.WaitAsync();
        try
        {
            await RefreshAsync();
            await stored.ClearStateAsync();
        }
        catch
        {
            _stale = true;
            throw;
        }
        finally
        {
            _storage.Release();
        }
    }

    private async Task WriteAllAsync()
    {
        while (_waiting.Count > 0)
        {
            await _storage.WaitAsync();
            var batch = _waiting;
            _waiting = [];
            try
            {
                await RefreshAsync();
                batch.ForEach(waiting => waiting.Change(stored.State));
                await stored.WriteStateAsync();
                batch.ForEach(waiting => waiting.Written.TrySetResult());
            }
            catch (Exception e)
            {
                _stale = true;
                batch.ForEach(waiting => waiting.Written.TrySetException(e));
            }
            finally
            {
                _storage.Release();
            }
        }

        _busy = false;
    }

    private async Task RefreshAsync()
    {
        if (_stale)
        {
            await stored.ReadStateAsync();
            _stale = false;
        }
    }
}
