using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Tests;

/// <summary>A test that needs a database, and is skipped where PostgreSQL is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (PostgresServer.FindBinaries() is null)
        {
            Skip = "PostgreSQL is not installed.";
        }
    }
}
