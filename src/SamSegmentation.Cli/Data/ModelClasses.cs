using SamSegmentation.Cli.Commands;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.Cli.Data;

/// <summary>Holds a model's classes against those of the dataset that it is evaluated on.</summary>
internal static class ModelClasses
{
    private const int NamesShown = 4;

    /// <summary>The classes to evaluate by.</summary>
    /// <param name="data">Where the dataset is.</param>
    /// <param name="model">What the model says of itself.</param>
    /// <param name="output">Warned when the names differ.</param>
    /// <returns>The dataset's classes; the model's own for folders whose classes are not given.</returns>
    /// <exception cref="DatasetException">The dataset has another number of classes, or its file of names is bad.</exception>
    public static ClassList Of(DatasetSettings data, SavedModelInfo model, CommandOutput output)
    {
        var own = new ClassList(model.ClassNames);
        if (data.Classes is null && data.Voc is null)
            return own;
        var source = data.Classes ?? data.Voc!;
        var classes = data.Classes is null ? ClassList.Voc : ClassList.Load(data.Classes);
        if (classes.Count != own.Count)
        {
            throw new DatasetException(
                source,
                $"expected the model's {Words(own)}, found {Words(classes)}" + (data.Classes is null ? "; --classes FILE names other classes than VOC's" : ""));
        }
        for (var id = 0; id < own.Count; id++)
        {
            if (own.Names[id] != classes.Names[id])
            {
                output.Warn($"class {id} is '{classes.Names[id]}' in {source} and '{own.Names[id]}' in the model; classes are compared by their ids");
                break;
            }
        }
        return classes;
    }

    private static string Words(ClassList classes) =>
        $"{classes.Count} classes ({string.Join(", ", classes.Names.Take(NamesShown))}{(classes.Count > NamesShown ? ", …" : "")})";
}
