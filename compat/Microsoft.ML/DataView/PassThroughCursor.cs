namespace Microsoft.ML.Data;

/// <summary>A cursor that moves with the cursor of its source.</summary>
internal abstract class PassThroughCursor : DataViewRowCursor
{
    protected PassThroughCursor(DataViewRowCursor input) => Input = input;

    public override long Position => Input.Position;

    public override long Batch => Input.Batch;

    protected DataViewRowCursor Input { get; }

    public override bool MoveNext() => Input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Input.Dispose();
    }
}
