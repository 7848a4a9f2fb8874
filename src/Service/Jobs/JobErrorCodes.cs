namespace CosyOrleans.Service.Jobs;

/// <summary>Names of errors of jobs and their items that clients may rely on.</summary>
public static class JobErrorCodes
{
    public const string JobInvalid = "JOB_INVALID";
    public const string JobCancelled = "JOB_CANCELLED";
    public const string JobTooLarge = "JOB_TOO_LARGE";
    public const string AssemblyFailed = "ASSEMBLY_FAILED";
    public const string AssemblyIncomplete = "ASSEMBLY_INCOMPLETE";
    public const string OutputNotWritten = "OUTPUT_NOT_WRITTEN";
    public const string DataNotWritten = "DATA_NOT_WRITTEN";
    public const string DataInUse = "DATA_IN_USE";
}
