using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>A row that was read ahead.</summary>
/// <param name="position">Its position below.</param>
/// <param name="batch">Its batch below.</param>
/// <param name="id">Its id below.</param>
/// <param name="values">The values that are passed on, by the input's columns; null for columns that are not.</param>
internal sealed class BufferedRow(long position, long batch, DataViewRowId id, CapturedValue?[] values)
{
    private ExceptionDispatchInfo? _error;

    public long Position => position;

    public long Batch => batch;

    public DataViewRowId Id => id;

    public CapturedValue?[] Values => values;

    /// <summary>The photograph as the network takes it; null when it cannot be read.</summary>
    public ImageInput? Input { get; private set; }

    /// <summary>The photograph.</summary>
    /// <exception cref="SegmentationDataException">It cannot be read.</exception>
    public RgbImage Image
    {
        get
        {
            _error?.Throw();
            return Input!.Image;
        }
    }

    public void SetInput(ImageInput input) => Input = input;

    public void Fail(ExceptionDispatchInfo error) => _error = error;
}
