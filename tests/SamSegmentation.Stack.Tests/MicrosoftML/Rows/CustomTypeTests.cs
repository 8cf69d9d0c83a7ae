using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Rows;

/// <summary>Members whose columns have a type of their own, such as images: nothing works that has not been registered.</summary>
public sealed class CustomTypeTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Image_OfARegisteredSize_GoesBothWaysAsItIs()
    {
        using var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, [1, 2, 3, 255]);
        var data = _ml.Data.LoadFromEnumerable([new Photo { Image = image }]);

        Assert.Same(image, Assert.Single(_ml.Data.CreateEnumerable<Photo>(data, reuseRowObject: false)).Image);
        Assert.Equal(new ImageDataViewType(5, 6), data.Schema["Image"].Type);
    }

    [Fact]
    public void Image_OfATypeThatIsNotRegistered_CannotBeReadFromAMember()
    {
        var definition = SchemaDefinition.Create(typeof(Photo));
        definition["Image"].ColumnType = new ImageDataViewType(71, 72);
        var data = _ml.Data.LoadFromEnumerable([new Photo()], definition);

        var error = Assert.Throws<NotSupportedException>(() => data.GetRowCursor(data.Schema));

        Assert.Contains("Microsoft.ML.Data.MLImage", error.Message, StringComparison.Ordinal);
        data.GetRowCursor([]).Dispose();
    }

    [Fact]
    public void Image_OfATypeThatIsNotRegistered_CannotBeWrittenToAMember()
    {
        var data = new OneImage(new ImageDataViewType(81, 82));
        var rows = _ml.Data.CreateEnumerable<Photo>(data, reuseRowObject: false);

        var error = Assert.Throws<NotImplementedException>(() => rows.Count());

        Assert.Contains("Microsoft.ML.Data.MLImage", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_OfATypeThatIsRegistered_FitsMembersOfAnySize()
    {
        DataViewTypeManager.Register(new ImageDataViewType(91, 92), typeof(MLImage), new ImageTypeAttribute(91, 92));
        var data = new OneImage(new ImageDataViewType(91, 92));

        Assert.Null(Assert.Single(_ml.Data.CreateEnumerable<Photo>(data, reuseRowObject: false)).Image);
    }

    [Fact]
    public void Register_OfWhatIsRegistered_IsDoneOnceAndNeverChanged()
    {
        DataViewTypeManager.Register(new ImageDataViewType(101, 1), typeof(MLImage), new ImageTypeAttribute(101, 1));
        DataViewTypeManager.Register(new ImageDataViewType(101, 1), typeof(MLImage), new ImageTypeAttribute(101, 1));

        Assert.Throws<ArgumentOutOfRangeException>(
            () => DataViewTypeManager.Register(new ImageDataViewType(101, 2), typeof(MLImage), new ImageTypeAttribute(101, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => DataViewTypeManager.Register(new ImageDataViewType(101, 1), typeof(MLImage), new ImageTypeAttribute(101, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataViewTypeManager.Register(new ImageDataViewType(101, 4), typeof(float)));
    }

    private sealed class Photo
    {
        [ImageType(5, 6)]
        public MLImage? Image { get; set; }
    }

    /// <summary>One row with an image column of any type, which holds null.</summary>
    private sealed class OneImage : IDataView
    {
        public OneImage(ImageDataViewType type)
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("Image", type);
            Schema = builder.ToSchema();
        }

        public bool CanShuffle => false;

        public DataViewSchema Schema { get; }

        public long? GetRowCount() => 1;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(Schema);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded)];

        private sealed class Cursor(DataViewSchema schema) : DataViewRowCursor
        {
            private long _position = -1;

            public override long Position => _position;

            public override long Batch => 0;

            public override DataViewSchema Schema => schema;

            public override bool MoveNext() => ++_position == 0;

            public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId(0, 0);

            public override bool IsColumnActive(DataViewSchema.Column column) => true;

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => (ref TValue value) => value = default!;
        }
    }
}
