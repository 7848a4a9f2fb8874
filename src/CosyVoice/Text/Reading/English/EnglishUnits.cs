namespace CosyVoice.Text.Reading.English;

/// <summary>Signs of units and what they are called.</summary>
internal static class EnglishUnits
{
    /// <summary>Name of one and of many.</summary>
    public readonly record struct Name(string One, string Many);

    private static readonly (string Sign, string One, string Many)[] Irregular =
    [
        ("ft", "foot", "feet"), ("in.", "inch", "inches"), ("sq ft", "square foot", "square feet"),
        ("sq. ft.", "square foot", "square feet"), ("sqft", "square foot", "square feet"),
        ("ft²", "square foot", "square feet"), ("cu ft", "cubic foot", "cubic feet"), ("Hz", "hertz", "hertz"),
        ("kHz", "kilohertz", "kilohertz"), ("MHz", "megahertz", "megahertz"),
        ("GHz", "gigahertz", "gigahertz"), ("psi", "PSI", "PSI"), ("ppm", "part per million", "parts per million"),
        ("ppb", "part per billion", "parts per billion"),
        ("dpi", "DPI", "DPI"), ("°C", "degree Celsius", "degrees Celsius"), ("℃", "degree Celsius", "degrees Celsius"),
        ("°F", "degree Fahrenheit", "degrees Fahrenheit"),
        ("℉", "degree Fahrenheit", "degrees Fahrenheit"), ("m/s²", "meter per second squared", "meters per second squared"),
        ("hp", "horsepower", "horsepower"),
        ("lx", "lux", "lux"), ("mmHg", "millimeter of mercury", "millimeters of mercury"), ("cc", "cc", "cc"),
    ];

    private static readonly Dictionary<string, Name> Names = Table();

    private static readonly int Longest = Names.Keys.Max(name => name.Length);

    /// <summary>
    /// The unit behind a number that ends here, also a quotient such as km/h, and the position behind it; null where there is none.
    /// A full stop behind a shortened word that goes on belongs to it (2 tbsp. of oil).
    /// </summary>
    public static (Name Name, int End)? At(Passage passage, int numberEnd)
    {
        var at = passage[numberEnd] is ' ' or '-' or '\u00a0' ? numberEnd + 1 : numberEnd;
        if (Single(passage, at) is not { } unit)
        {
            return null;
        }

        if (passage[unit.End] == '/' && Single(passage, unit.End + 1) is { } divisor)
        {
            return (new Name($"{unit.Name.One} per {divisor.Name.One}", $"{unit.Name.Many} per {divisor.Name.One}"), divisor.End);
        }

        var isShortened = passage[unit.End] == '.' && passage[unit.End + 1] == ' ' && char.IsAsciiLetterLower(passage[unit.End + 2])
            || (passage[unit.End] == '.' && passage[unit.End + 1] == ' ' && passage.IsDigit(unit.End + 2) && passage[unit.End - 1] == 'b');
        return isShortened ? (unit.Name, unit.End + 1) : unit;
    }

    private static (Name Name, int End)? Single(Passage passage, int at)
    {
        var isInch = passage.WordAt(at) == "in" && passage[at + 2] is ' ' or ',' or '.' or '\0';
        if (isInch && (passage.WordAt(at + 3) is "tall" or "long" or "wide" or "high" or "deep" or "thick"
            || passage.Before(at, 9).Contains(" ft ", StringComparison.Ordinal)))
        {
            return (new Name("inch", "inches"), at + 2);
        }

        for (var length = Math.Min(Longest, passage.Length - at); length > 0; length--)
        {
            var end = at + length;
            if (Names.TryGetValue(passage.Slice(at, end), out var name) && !char.IsLetterOrDigit(passage[end])
                && passage[end] is not ('²' or '³' or '\'' or '’' or '&'))
            {
                return (name, end);
            }
        }

        return null;
    }

    private static Dictionary<string, Name> Table()
    {
        var names = new Dictionary<string, Name>(StringComparer.Ordinal);
        foreach (var line in Regular.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (signs, one) = (line[..line.IndexOf('=')].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                line[(line.IndexOf('=') + 1)..].Trim());
            foreach (var sign in signs)
            {
                names[sign.Replace('_', ' ')] = new Name(one, Plural(one));
            }
        }

        foreach (var (sign, one, many) in Irregular)
        {
            names[sign] = new Name(one, many);
        }

        return names;
    }

    private static string Plural(string one)
    {
        var per = one.IndexOf(" per ", StringComparison.Ordinal);
        return per < 0 ? one + "s" : one[..per] + "s" + one[per..];
    }

    private const string Regular = """
        km = kilometer
        m = meter
        cm = centimeter
        mm = millimeter
        μm um = micrometer
        nm = nanometer
        mi = mile
        yd yds = yard
        km² km2 sq_km = square kilometer
        m² m2 sq_m = square meter
        cm² cm2 = square centimeter
        mm² mm2 = square millimeter
        sq_mi mi² = square mile
        m³ m3 = cubic meter
        cm³ cm3 = cubic centimeter
        km³ = cubic kilometer
        kg kgs = kilogram
        g = gram
        mg = milligram
        μg mcg ug = microgram
        t = ton
        lb lbs = pound
        oz = ounce
        L = liter
        ml mL = milliliter
        cl = centiliter
        dl dL = deciliter
        gal = gallon
        qt = quart
        tbsp = tablespoon
        tsp = teaspoon
        ha = hectare
        h hr hrs = hour
        min mins = minute
        s sec secs = second
        ms = millisecond
        μs us = microsecond
        ns = nanosecond
        yr yrs = year
        mo mos = month
        KB kB = kilobyte
        MB = megabyte
        GB = gigabyte
        TB = terabyte
        PB = petabyte
        bps = bit per second
        kbps Kbps = kilobit per second
        Mbps = megabit per second
        Gbps = gigabit per second
        W = watt
        kW = kilowatt
        MW = megawatt
        GW = gigawatt
        Wh = watt hour
        kWh = kilowatt hour
        MWh = megawatt hour
        V = volt
        kV = kilovolt
        mV = millivolt
        mA = milliamp
        mAh = milliamp hour
        Ω = ohm
        kΩ = kilohm
        dB = decibel
        Pa = pascal
        hPa = hectopascal
        kPa = kilopascal
        MPa = megapascal
        J = joule
        kJ = kilojoule
        cal = calorie
        kcal = kilocalorie
        rpm = revolution per minute
        bpm = beat per minute
        mph = mile per hour
        kph kmh = kilometer per hour
        fps = frame per second
        px = pixel
        mol = mole
        mmol = millimole
        °C ℃ = degree Celsius
        °F ℉ = degree Fahrenheit
        ° = degree
        """;
}
