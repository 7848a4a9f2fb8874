using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace CosyOrleans.Frontend.Tests.Clients;

/// <summary>Clients that others wrote, as the package registry has them, in a folder outside the repository that is kept for the next time.</summary>
internal static class NpmClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "Clients");
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"cosy-npm-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Source, "package.json"))))[..12]}");

    /// <summary>Null where they are there.</summary>
    public static string? WhyNot { get; } = Install();

    /// <summary>What a script prints, which is JSON.</summary>
    public static async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        // Beside the packages, where it finds them.
        var copy = Path.Combine(Folder, $"{Guid.NewGuid():N}.mjs");
        File.Copy(Path.Combine(Source, script), copy);
        try
        {
            var (code, output) = await Start("node", [copy, .. arguments]);
            Assert.True(code == 0, output);
            return JsonDocument.Parse(output).RootElement;
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static string? Install()
    {
        var done = Path.Combine(Folder, "done");
        if (File.Exists(done))
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(Folder);
            File.Copy(Path.Combine(Source, "package.json"), Path.Combine(Folder, "package.json"), overwrite: true);
            var (code, output) = Start("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"]).GetAwaiter().GetResult();
            if (code != 0)
            {
                return $"The packages cannot be installed: {output[..Math.Min(output.Length, 300)]}";
            }

            File.WriteAllText(done, "");
            return null;
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException)
        {
            return $"npm cannot be used: {e.Message}";
        }
    }

    private static async Task<(int Code, string Output)> Start(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, process.ExitCode == 0 ? await output.ConfigureAwait(false) : await errors.ConfigureAwait(false));
    }
}

/// <summary>A test that needs packages of npm, and is skipped where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute() => Skip = NpmClients.WhyNot;
}
