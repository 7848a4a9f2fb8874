using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Hosting;

/// <summary>Reads and checks options section by section and collects what is wrong, so that one start reports every error.</summary>
internal sealed class OptionsReader(IConfiguration configuration)
{
    public const string InvalidCode = "OPTIONS_INVALID";

    private readonly List<Violation> _violations = [];

    public T Bind<T>(string section)
        where T : new()
    {
        try
        {
            return configuration.GetSection(section).Get<T>(options => options.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException e)
        {
            _violations.Add(Invalid($"{section}: {e.Message.TrimEnd('.')}."));
            return new T();
        }
    }

    /// <summary>Checks the attributes of an object's properties.</summary>
    public void Check(object options, string section)
    {
        List<ValidationResult> results = [];
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (var result in results)
        {
            var name = result.MemberNames.Single();
            var value = Convert.ToString(options.GetType().GetProperty(name)!.GetValue(options), CultureInfo.InvariantCulture)!;
            Add(Invalid($"{section}:{name} is {Quoted.Value(value)}: {result.ErrorMessage!.TrimEnd('.')}."));
        }
    }

    public void Add(params IEnumerable<Violation> violations) => _violations.AddRange(violations);

    /// <exception cref="SpeechException">Names every option that cannot be used.</exception>
    public void ThrowIfInvalid()
    {
        if (_violations.Count > 0)
        {
            var all = SpeechException.Invalid(_violations);
            throw new SpeechException(SpeechErrorKind.Configuration, all.Code, all.Message, all.Solution);
        }
    }

    public static Violation Invalid(string message) => new(InvalidCode, message, "Correct the settings and start again.");
}
