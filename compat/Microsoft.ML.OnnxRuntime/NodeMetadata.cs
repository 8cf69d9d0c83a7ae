using Microsoft.ML.OnnxRuntime.Interop;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Type and shape of a session's input or output.</summary>
public unsafe class NodeMetadata
{
    private readonly TensorElementType _element;
    private readonly int[] _dimensions = [];
    private readonly string[] _symbols = [];

    internal NodeMetadata(nint typeInfo)
    {
        OnnxValueType = (OnnxValueType)OrtApi.Get<int>(OrtFunction.GetOnnxTypeFromTypeInfo, typeInfo);
        if (!IsTensor)
            return;
        // It belongs to the type's information.
        var info = OrtApi.Get<nint>(OrtFunction.CastTypeInfoToTensorInfo, typeInfo);
        _element = (TensorElementType)OrtApi.Get<int>(OrtFunction.GetTensorElementType, info);
        var count = (int)OrtApi.Get<nint>(OrtFunction.GetDimensionsCount, info);
        _dimensions = Array.ConvertAll(OrtTensorTypeAndShapeInfo.Dimensions(info, count), side => (int)side);
        var names = stackalloc byte*[count];
        OrtApi.Check(((delegate* unmanaged<nint, byte**, nint, nint>)OrtApi.At(OrtFunction.GetSymbolicDimensions))(info, names, count));
        _symbols = new string[count];
        for (var i = 0; i < count; i++)
            _symbols[i] = OrtApi.Text(names[i]);
    }

    public OnnxValueType OnnxValueType { get; }

    public bool IsTensor => OnnxValueType is OnnxValueType.ONNX_TYPE_TENSOR or OnnxValueType.ONNX_TYPE_SPARSETENSOR;

    /// <summary>The sides; −1 where one is not known.</summary>
    public int[] Dimensions => Tensor(_dimensions);

    /// <summary>The names of unknown sides; empty where a side is known or has no name.</summary>
    public string[] SymbolicDimensions => Tensor(_symbols);

    public TensorElementType ElementDataType => Tensor(_element);

    public Type ElementType => ElementTypes.Of(ElementDataType).Type;

    private T Tensor<T>(T value) => IsTensor ? value : throw new OnnxRuntimeException(ErrorCode.Fail, "OnnxValueType must either be a tensor or sparse tensor");
}
