using System.Net;
using CosyOrleans.Hosting;
using CosyOrleans.Service;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using Npgsql;

namespace CosyOrleans.Silo.Hosting;

/// <summary>All options, read and checked before anything starts.</summary>
internal sealed record SiloSettings(
    SiloSetup Setup, MembershipOptions Membership, FailoverOptions Failover, SynthesisOptions Synthesis, FormatOptions Formats, JobsOptions Jobs, DeviceOptions Device)
{
    public SiloOptions Silo => Setup.Options;

    public IReadOnlyList<string> Devices => [.. Split(Silo.Devices).Select(ComputeDevices.NameOf)];

    /// <exception cref="SpeechException">Names every option that cannot be used.</exception>
    public static SiloSettings Read(IConfiguration configuration, Action<SiloSetup>? configure)
    {
        var reader = new OptionsReader(configuration);
        var setup = new SiloSetup(reader.Bind<SiloOptions>("Silo"));
        configure?.Invoke(setup);
        var settings = new SiloSettings(
            setup,
            reader.Bind<MembershipOptions>("Membership"),
            reader.Bind<FailoverOptions>("Failover"),
            reader.Bind<SynthesisOptions>("Synthesis"),
            reader.Bind<FormatOptions>("Formats"),
            reader.Bind<JobsOptions>("Jobs"),
            reader.Bind<DeviceOptions>("Device"));
        if (setup.Load is not null && setup.Options.Model.Length == 0)
        {
            setup.Options.Model = "given by the host";
        }

        reader.Check(settings.Silo, "Silo");
        reader.Check(settings.Membership, "Membership");
        reader.Check(settings.Failover, "Failover");
        reader.Check(settings.Synthesis, "Synthesis");
        reader.Check(settings.Formats, "Formats");
        reader.Check(settings.Jobs, "Jobs");
        reader.Check(settings.Device, "Device");
        reader.Add(settings.CheckDevices());
        reader.Add(settings.CheckAddress());
        reader.Add(settings.CheckConnection());
        reader.Add(settings.CheckData());
        reader.ThrowIfInvalid();
        return settings;
    }

    private IEnumerable<Violation> CheckDevices()
    {
        var devices = Devices;
        foreach (var problem in devices.Where(_ => Setup.Load is null).Select(ComputeDevices.WhyNot).OfType<string>())
        {
            yield return OptionsReader.Invalid($"Silo:Devices is {Quoted.Value(Silo.Devices)}: {problem}");
        }

        if (devices.Distinct(StringComparer.Ordinal).Count() != devices.Count)
        {
            yield return OptionsReader.Invalid($"Silo:Devices is {Quoted.Value(Silo.Devices)} and names a device twice.");
        }

        if (devices.Count == 0 && !string.IsNullOrWhiteSpace(Silo.Devices))
        {
            yield return OptionsReader.Invalid($"Silo:Devices is {Quoted.Value(Silo.Devices)} and names no device.");
        }
    }

    private IEnumerable<Violation> CheckAddress()
    {
        if (!IPAddress.TryParse(Silo.Address, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            if (!string.IsNullOrWhiteSpace(Silo.Address))
            {
                yield return OptionsReader.Invalid(
                    $"Silo:Address is {Quoted.Value(Silo.Address)}: it must be one IP address of this machine that others reach, such as 127.0.0.1.");
            }
        }
        else if (!IPAddress.IsLoopback(address) && !Silo.AllowRemote)
        {
            yield return new Violation(
                "BIND_NOT_ALLOWED",
                $"Silo:Address {address} can be reached from other machines, and a silo believes whoever reaches its ports.",
                "Use 127.0.0.1, or, on a network that is closed to others, set Silo:AllowRemote to true.");
        }

        var ports = new[] { Silo.SiloPort, Silo.GatewayPort, Silo.HttpPort }.Where(port => port != 0).ToArray();
        if (ports.Distinct().Count() != ports.Length)
        {
            yield return OptionsReader.Invalid(
                $"Silo:SiloPort {Silo.SiloPort}, Silo:GatewayPort {Silo.GatewayPort} and Silo:HttpPort {Silo.HttpPort} must differ.");
        }
    }

    private IEnumerable<Violation> CheckConnection()
    {
        string? problem = null;
        try
        {
            problem = new NpgsqlConnectionStringBuilder(Silo.ConnectionString).Host is null && Silo.ConnectionString.Length > 0 ? "it names no Host" : null;
        }
        catch (ArgumentException e)
        {
            problem = e.Message.TrimEnd('.');
        }

        // The value may hold a password and is not shown.
        if (problem is not null)
        {
            yield return OptionsReader.Invalid($"Silo:ConnectionString cannot be used: {problem}. Example: Host=127.0.0.1;Username=cosy;Database=cosy.");
        }
    }

    private IEnumerable<Violation> CheckData()
    {
        var problem = string.IsNullOrWhiteSpace(Silo.Data) ? null : DataFolder.WhyNotUsable(Silo.Data);
        if (problem is not null)
        {
            yield return OptionsReader.Invalid(
                $"Silo:Data is {Quoted.Value(Silo.Data)}, where jobs cannot write ({problem}). Give one folder that all silos and frontends share.");
        }
    }

    private static string[] Split(string devices) =>
        devices.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
