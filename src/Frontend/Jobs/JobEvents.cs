using System.Globalization;
using System.Text;
using System.Text.Json;
using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>Events of a job as server-sent events. The name of each is "job" or "item", its data a <see cref="JobEventView"/>.</summary>
internal sealed class JobEvents(IAsyncEnumerable<JobEvent> events) : IResult
{
    // Proxies and clients give up on a connection that says nothing for longer.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await SendAsync(context.Response, services.GetRequiredService<TimeProvider>(), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The reader has gone, or the server is; a reader who comes back names the last event it has.
        }
    }

    private async Task SendAsync(HttpResponse response, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var following = events.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = following.MoveNextAsync().AsTask();
            while (!next.IsCompleted)
            {
                // Sent only when there is nothing more at once: what comes together leaves together.
                await response.Body.FlushAsync(cancellationToken);
                try
                {
                    await next.WaitAsync(Silence, time, cancellationToken);
                }
                catch (TimeoutException) when (!next.IsCompleted)
                {
                    await response.WriteAsync(":\n\n", cancellationToken);
                }
            }

            if (!await next)
            {
                return;
            }

            await response.WriteAsync(Text(following.Current), cancellationToken);
        }
    }

    private static string Text(JobEvent happened)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"id: {happened.Id}\nevent: {(happened.Item is null ? "job" : "item")}\n");
        text.Append(CultureInfo.InvariantCulture, $"data: {JsonSerializer.Serialize(JobEventView.Of(happened), JsonSerializerOptions.Web)}\n\n");
        return text.ToString();
    }
}
