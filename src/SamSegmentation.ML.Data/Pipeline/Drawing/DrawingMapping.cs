using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline.Columns;
using SamSegmentation.ML.Pipeline.Mapping;

namespace SamSegmentation.ML.Pipeline.Drawing;

/// <summary>A drawing over one schema.</summary>
internal sealed class DrawingMapping : RowMapping
{
    public const string HeightRole = "height";
    public const string WidthRole = "width";

    private readonly LabelDrawingOptions _options;
    private readonly DataViewSchema.Column _label;
    private readonly DataViewSchema.Column? _image;
    private readonly DataViewSchema.Column? _height;
    private readonly DataViewSchema.Column? _width;

    public DrawingMapping(LabelDrawingOptions options, DataViewSchema input)
        : base(input, [new DataViewSchema.DetachedColumn(options.OutputColumnName, AnyImage.Type)])
    {
        _options = options;
        _label = LabelColumn.Find(input, options.LabelColumnName);
        _image = options.ImageColumnName is { } image ? ImageColumn.Find(input, image) : null;
        if (_label.Type is VectorDataViewType)
        {
            _height = FindNumber(input, options.HeightColumnName, HeightRole);
            _width = FindNumber(input, options.WidthColumnName, WidthRole);
        }
    }

    public override Delegate?[] CreateGetters(DataViewRow input, bool[] active)
    {
        if (!active[0])
            return [null];
        var readLabel = new LabelColumn(colors: null).Reader(input, _label);
        var readImage = _image is { } image ? ImageColumn.Reader(input, image) : null;
        var readHeight = NumberReader(input, _height);
        var readWidth = NumberReader(input, _width);
        // The image before is not disposed: whoever holds a row's objects may still look at it.
        return [(ValueGetter<MLImage>)((ref MLImage value) => value = DrawCurrent())];

        MLImage DrawCurrent()
        {
            var label = readLabel();
            var (height, width) = (label.Height ?? readHeight!(), label.Width ?? readWidth!());
            if (height < 1 || width < 1 || !label.Fits(height, width))
                throw new SegmentationDataException(_label.Name, input.Position, $"the label is {label.Describe()}; the size is {width}×{height}.");
            return Values.Read(_label.Name, input.Position, () => Draw(new LabelMap(height, width, label.Ids), readImage?.Invoke()));
        }
    }

    protected override IEnumerable<DataViewSchema.Column> Needs(int added) =>
        new[] { _label, _image, _height, _width }.OfType<DataViewSchema.Column>();

    private MLImage Draw(LabelMap label, RgbImage? photo) =>
        (photo is null ? _options.Colors.Colorize(label) : Overlay.Blend(photo, label, _options.Colors, _options.Opacity)).ToMLImage();

    private static DataViewSchema.Column FindNumber(DataViewSchema input, string name, string role)
    {
        var column = SchemaColumn.Find(input, name, role);
        return column.Type.Equals(NumberDataViewType.Int32)
            ? column
            : throw SchemaColumn.WrongType(name, role, NumberDataViewType.Int32.ToString()!, column.Type.ToString()!);
    }

    private static Func<int>? NumberReader(DataViewRow input, DataViewSchema.Column? column)
    {
        if (column is null)
            return null;
        var get = input.GetGetter<int>(column.Value);
        var value = 0;
        return () =>
        {
            get(ref value);
            return value;
        };
    }
}
