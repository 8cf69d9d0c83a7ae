using Microsoft.ML.OnnxRuntime.Interop;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Element type and shape of a tensor.</summary>
public struct OrtTensorTypeAndShapeInfo
{
    internal unsafe OrtTensorTypeAndShapeInfo(nint info)
    {
        ElementDataType = (TensorElementType)OrtApi.Get<int>(OrtFunction.GetTensorElementType, info);
        ElementCount = OrtApi.Get<nint>(OrtFunction.GetTensorShapeElementCount, info);
        DimensionsCount = (int)OrtApi.Get<nint>(OrtFunction.GetDimensionsCount, info);
        Shape = Dimensions(info, DimensionsCount);
    }

    public TensorElementType ElementDataType { get; private set; }

    public bool IsString => ElementDataType == TensorElementType.String;

    public long ElementCount { get; private set; }

    public int DimensionsCount { get; private set; }

    public long[] Shape { get; private set; }

    internal static unsafe long[] Dimensions(nint info, int count)
    {
        var dimensions = new long[count];
        fixed (long* target = dimensions)
            OrtApi.Check(((delegate* unmanaged<nint, long*, nint, nint>)OrtApi.At(OrtFunction.GetDimensions))(info, target, count));
        return dimensions;
    }
}
