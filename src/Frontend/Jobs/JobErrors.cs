using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>What the API says about jobs that are not there, or not in the right phase.</summary>
internal static class JobErrors
{
    public static RequestException UnknownJob(string id) => new(StatusCodes.Status404NotFound, new ErrorBody(
        "JOB_UNKNOWN", $"There is no job {Quoted.Value(id)}.", "GET /v1/jobs lists those there are."));

    public static RequestException UnknownOutput(string name) => new(StatusCodes.Status404NotFound, new ErrorBody(
        "OUTPUT_UNKNOWN", $"There is no output {Quoted.Value(name)}, or not yet.", "GET /v1/jobs/{id}/items says what became of each item. If it is done there, it was removed from the data folder, or the frontend was started with another --data than the silos."));

    public static RequestException NoAssembly(string id) => new(StatusCodes.Status404NotFound, new ErrorBody(
        "OUTPUT_UNKNOWN", $"Job {Quoted.Value(id)} was ordered without an assembly.", "Order it under another id with assembly wav, flac or m4b."));

    public static RequestException Conflict(string id) => new(StatusCodes.Status409Conflict, new ErrorBody(
        "JOB_CONFLICT", $"There is a job {Quoted.Value(id)} with other items already.", "Give another id, or delete that job first."));

    public static RequestException Phase(JobView job, string command) => new(StatusCodes.Status409Conflict, new ErrorBody(
        "JOB_PHASE",
        $"The job is {job.Status}; {command} is not possible then.",
        command == "retry" ? "Retry a job that is completed or cancelled." : "Pause, resume and cancel a job that is running or paused."));
}
