using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline.Columns;
using SamSegmentation.ML.Pipeline.Mapping;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>A transformer's outputs over one schema.</summary>
internal sealed class SegmentationMapping : RowMapping
{
    private readonly SegmentationTransformer _parent;
    private readonly IReadOnlyList<SegmentationOutput> _outputs;

    public SegmentationMapping(SegmentationTransformer parent, DataViewSchema input)
        : this(parent, ImageColumn.Find(input, parent.ColumnNames.Image), input, SegmentationOutput.Of(parent))
    {
    }

    private SegmentationMapping(
        SegmentationTransformer parent, DataViewSchema.Column image, DataViewSchema input, IReadOnlyList<SegmentationOutput> outputs)
        : base(input, [.. outputs.Select(output => output.Column)])
    {
        _parent = parent;
        _outputs = outputs;
        Image = image;
    }

    /// <summary>The input's column of photographs.</summary>
    public DataViewSchema.Column Image { get; }

    /// <summary>The getters over a single row that moves: the network runs once a position, and only when it must.</summary>
    public override Delegate?[] CreateGetters(DataViewRow input, bool[] active)
    {
        if (!active.Contains(true))
            return new Delegate?[active.Length];
        var read = ImageColumn.Reader(input, Image);
        var scorer = _parent.CreateScorer();
        RowPrediction? current = null;
        long? position = null;
        return CreateGetters(Current, active);

        RowPrediction Current()
        {
            if (current is null || position != input.Position)
            {
                var image = read();
                current = new RowPrediction(image, () => scorer.Score([scorer.Prepare(image)])[0]);
                position = input.Position;
            }
            return current;
        }
    }

    /// <summary>The getters of the active outputs over whatever is the current row's prediction.</summary>
    public Delegate?[] CreateGetters(Func<RowPrediction> current, bool[] active) =>
        [.. _outputs.Select((output, i) => active[i] ? output.CreateGetter(current) : null)];

    /// <summary>The photograph of a row that was read ahead, out of its captured value.</summary>
    public RgbImage ReadImage(CapturedValue value, long row) => Values.Read(Image.Name, row, () => value switch
    {
        CapturedValue<MLImage> image => ImageColumn.FromImage(image.Value, Image.Name, row),
        _ => ImageColumn.FromPath(((CapturedValue<ReadOnlyMemory<char>>)value).Value, Image.Name, row),
    });

    protected override IEnumerable<DataViewSchema.Column> Needs(int added) => [Image];
}
