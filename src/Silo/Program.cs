using CosyOrleans.Silo;

// "init" brings the database to the schema of this program; anything else are settings of a silo.
if (args is ["init", ..])
{
    var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args[1..]).Build();
    return await SiloHost.InitializeAsync(configuration["Silo:ConnectionString"] ?? "", Console.Out, Console.Error);
}

return await SiloHost.RunAsync(args);
