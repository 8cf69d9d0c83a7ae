using System.CommandLine;
using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.CommandLine;

/// <summary>A number of things, as an option that is no setting; it is read as a setting is.</summary>
internal static class PositiveOption
{
    private static readonly ValueKind<int> s_kind = ValueKinds.Integer(1);

    /// <summary>An option with a value where it is not given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What help says of it.</param>
    /// <param name="standard">That value.</param>
    public static Option<int> Create(string name, string description, int standard)
    {
        var option = Create(name, description, value => value);
        option.DefaultValueFactory = _ => standard;
        return option;
    }

    /// <summary>An option that has no value where it is not given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What help says of it.</param>
    public static Option<int?> Create(string name, string description) => Create<int?>(name, description, value => value);

    private static Option<T> Create<T>(string name, string description, Func<int, T> found) => new(name)
    {
        Description = description,
        HelpName = s_kind.Placeholder,
        CustomParser = result =>
        {
            var problems = new List<ConfigProblem>();
            if (s_kind.Read(new ConfigNode.Scalar(string.Join(' ', result.Tokens), IsQuoted: false, name), "", problems, out var value))
                return found(value);
            problems.ForEach(problem => result.AddError($"{problem}"));
            return default;
        },
    };
}
