using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SamSegmentation.Cli.Configuration;

/// <summary>
/// Reads a YAML file into <see cref="ConfigNode"/>s that know their lines. Settings need mappings, lists and single
/// values; anchors, aliases, tags and further documents are refused rather than half understood.
/// </summary>
internal sealed class YamlFile
{
    // Settings are a few levels deep; the limit keeps a hostile file from exhausting the stack.
    private const int MaxDepth = 32;

    private readonly string _path;
    private readonly List<ConfigProblem> _problems;
    private readonly Parser _parser;
    private Mark _last = Mark.Empty;

    private YamlFile(string path, string text, List<ConfigProblem> problems)
    {
        _path = path;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; it is named like this in every problem.</param>
    /// <param name="problems">Takes what is wrong with its syntax.</param>
    /// <returns>The top level mapping: empty for an empty file and for one that cannot be understood.</returns>
    public static ConfigNode.Mapping Read(string path, List<ConfigProblem> problems)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new ConfigProblem(path, "", $"cannot be read: {error.Message}"));
            return new ConfigNode.Mapping([], path);
        }
        return Parse(path, text, problems);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="path">What the text is called in every problem.</param>
    /// <param name="text">The YAML.</param>
    /// <param name="problems">Takes what is wrong with its syntax.</param>
    /// <returns>The top level mapping: empty for an empty text and for one that cannot be understood.</returns>
    public static ConfigNode.Mapping Parse(string path, string text, List<ConfigProblem> problems)
    {
        var file = new YamlFile(path, text, problems);
        try
        {
            return file.ReadDocument();
        }
        catch (YamlException error)
        {
            file.Report(error.Start, $"not valid YAML: {error.Message}");
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet's scanner ends like this on some texts, such as a list that is never closed.
            file.Report(file._last, "not valid YAML: what follows cannot be understood");
        }
        return new ConfigNode.Mapping([], path);
    }

    private ConfigNode.Mapping ReadDocument()
    {
        var nothing = new ConfigNode.Mapping([], _path);
        Skip<StreamStart>();
        if (_parser.Current is not DocumentStart)
            return nothing;
        Skip<DocumentStart>();
        var root = ReadNode(0);
        Skip<DocumentEnd>();
        if (_parser.Current is DocumentStart second)
            Report(second.Start, "a second document begins here; expected one document");
        switch (root)
        {
            case ConfigNode.Mapping mapping:
                return mapping;
            case ConfigNode.Scalar { IsNull: true }:
                return nothing;
            default:
                _problems.Add(new ConfigProblem(root.Place, "", $"expected sections with keys at the top level, found {root.Found}"));
                return nothing;
        }
    }

    private ConfigNode ReadNode(int depth)
    {
        // The parser gives up without an error at the end of some broken texts.
        var start = _parser.Current ?? throw new YamlException(_last, _last, "the text ends in the middle of a value");
        _last = start.End;
        if (depth > MaxDepth)
            throw new YamlException(start.Start, start.End, $"nested more than {MaxDepth} levels deep");
        if (start is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
            Report(start.Start, "anchors and aliases are not supported");
        if (start is NodeEvent { Tag.IsEmpty: false } tagged)
            Report(start.Start, $"the tag {tagged.Tag} is not supported");

        var place = PlaceOf(start.Start);
        _parser.MoveNext();
        switch (start)
        {
            case Scalar scalar:
                return new ConfigNode.Scalar(scalar.Value, scalar.Style != ScalarStyle.Plain, place);
            case SequenceStart:
                var items = new List<ConfigNode>();
                while (_parser.Current is not SequenceEnd)
                    items.Add(ReadNode(depth + 1));
                _parser.MoveNext();
                return new ConfigNode.Sequence(items, place);
            case MappingStart:
                var entries = new List<KeyValuePair<ConfigNode.Scalar, ConfigNode>>();
                while (_parser.Current is not MappingEnd)
                {
                    var key = ReadNode(depth + 1);
                    var value = ReadNode(depth + 1);
                    if (key is ConfigNode.Scalar name)
                        entries.Add(new(name, value));
                    else
                        _problems.Add(new ConfigProblem(key.Place, "", $"expected a key, found {key.Found}"));
                }
                _parser.MoveNext();
                return new ConfigNode.Mapping(entries, place);
            default: // an alias, reported above
                return new ConfigNode.Scalar("", false, place);
        }
    }

    private void Skip<TEvent>() where TEvent : ParsingEvent
    {
        if (_parser.Current is null)
            _parser.MoveNext();
        if (_parser.Current is TEvent)
            _parser.MoveNext();
    }

    private void Report(Mark at, string message) => _problems.Add(new ConfigProblem(PlaceOf(at), "", message));

    private string PlaceOf(Mark mark) => $"{_path}:{mark.Line}:{mark.Column}";
}
