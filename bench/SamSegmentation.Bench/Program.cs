using SamSegmentation.Bench;

var parsed = BenchCommandLine.Create(Console.Out).Parse(args);
foreach (var error in parsed.Errors)
    Console.Error.WriteLine($"bench: {error.Message}");
return parsed.Errors.Count > 0 ? 2 : parsed.Invoke();
