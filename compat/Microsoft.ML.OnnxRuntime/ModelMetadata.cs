using Microsoft.ML.OnnxRuntime.Interop;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>What a model says of itself.</summary>
public unsafe class ModelMetadata
{
    internal ModelMetadata(nint session)
    {
        var metadata = OrtApi.Get<nint>(OrtFunction.SessionGetModelMetadata, session);
        try
        {
            ProducerName = OrtApi.GetText(OrtFunction.ModelMetadataGetProducerName, metadata);
            GraphName = OrtApi.GetText(OrtFunction.ModelMetadataGetGraphName, metadata);
            Domain = OrtApi.GetText(OrtFunction.ModelMetadataGetDomain, metadata);
            Description = OrtApi.GetText(OrtFunction.ModelMetadataGetDescription, metadata);
            Version = OrtApi.Get<long>(OrtFunction.ModelMetadataGetVersion, metadata);
            CustomMetadataMap = ReadMap(metadata);
        }
        finally
        {
            OrtApi.Release(OrtFunction.ReleaseModelMetadata, metadata);
        }
    }

    public string ProducerName { get; }

    public string GraphName { get; }

    public string Domain { get; }

    public string Description { get; }

    public long Version { get; }

    public Dictionary<string, string> CustomMetadataMap { get; }

    private static Dictionary<string, string> ReadMap(nint metadata)
    {
        byte** keys;
        long count;
        OrtApi.Check(((delegate* unmanaged<nint, nint, byte***, long*, nint>)OrtApi.At(OrtFunction.ModelMetadataGetCustomMetadataMapKeys))(
            metadata, OrtApi.Allocator, &keys, &count));
        var map = new Dictionary<string, string>();
        for (var i = 0; i < count; i++)
        {
            byte* value;
            OrtApi.Check(((delegate* unmanaged<nint, nint, byte*, byte**, nint>)OrtApi.At(OrtFunction.ModelMetadataLookupCustomMetadataMap))(
                metadata, OrtApi.Allocator, keys[i], &value));
            map[OrtApi.Take(keys[i])] = OrtApi.Take(value);
        }
        if (count > 0)
            OrtApi.Free(keys);
        return map;
    }
}
