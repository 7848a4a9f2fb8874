using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.Hosting;

/// <summary>All options, read and checked before anything starts, so that one start reports every error.</summary>
internal sealed record Settings(FrontendOptions Frontend, SynthesisOptions Synthesis, JobsOptions Jobs)
{
    public const string InvalidCode = "OPTIONS_INVALID";

    /// <exception cref="SpeechException">Names every option that cannot be used.</exception>
    public static Settings Read(IConfiguration configuration, Action<FrontendOptions>? configure)
    {
        List<Violation> violations = [];
        var frontend = Bind<FrontendOptions>(configuration, "Frontend", violations);
        configure?.Invoke(frontend);
        var synthesis = Bind<SynthesisOptions>(configuration, "Synthesis", violations);
        var jobs = Bind<JobsOptions>(configuration, "Jobs", violations);
        Check(frontend, "Frontend", violations);
        Check(synthesis, "Synthesis", violations);
        Check(jobs, "Jobs", violations);
        violations.AddRange(ServerAddresses.Check(frontend));
        if (violations.Count == 0)
        {
            return new Settings(frontend, synthesis, jobs);
        }

        var all = SpeechException.Invalid(violations);
        throw new SpeechException(SpeechErrorKind.Configuration, all.Code, all.Message, all.Solution);
    }

    private static T Bind<T>(IConfiguration configuration, string section, List<Violation> violations)
        where T : new()
    {
        try
        {
            return configuration.GetSection(section).Get<T>(options => options.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException e)
        {
            violations.Add(Invalid($"{section}: {e.Message.TrimEnd('.')}."));
            return new T();
        }
    }

    private static void Check(object options, string section, List<Violation> violations)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (var result in results)
        {
            var name = result.MemberNames.Single();
            var value = Convert.ToString(options.GetType().GetProperty(name)!.GetValue(options), CultureInfo.InvariantCulture)!;
            violations.Add(Invalid($"{section}:{name} is {Quoted.Value(value)}: {result.ErrorMessage!.TrimEnd('.')}."));
        }
    }

    private static Violation Invalid(string message) => new(InvalidCode, message, "Correct the settings and start again.");
}
