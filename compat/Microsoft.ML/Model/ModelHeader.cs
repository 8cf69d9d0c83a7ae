using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The 256 bytes before each component of a model file, as the real library lays them out: little-endian, offsets
/// from the header's start. After the header come the component's own bytes, the table of its strings (the end of
/// each, in bytes), their UTF-16 text, the name of the assembly that reads it, and a tail signature.
/// </summary>
internal struct ModelHeader
{
    public const int Size = 256;
    public const int LoaderSignatureLength = 24;
    public const ulong SignatureValue = 0x4C45444F4D004C4D;
    public const ulong TailSignatureValue = 0x4D4C004D4F44454C;

    private const uint CurrentVersion = 0x00010002;
    private const uint OldestVersion = 0x00010001;

    public ulong Signature;
    public uint VerWritten;
    public uint VerReadable;
    public long FpModel;
    public long CbModel;
    public long FpStringTable;
    public long CbStringTable;
    public long FpStringChars;
    public long CbStringChars;
    public ulong ModelSignature;
    public uint ModelVerWritten;
    public uint ModelVerReadable;
    public string LoaderSignature;
    public string LoaderSignatureAlt;
    public long FpTail;
    public long FpLim;
    public long FpAssemblyName;
    public uint CbAssemblyName;

    public static ModelHeader New() => new()
    {
        Signature = SignatureValue,
        VerWritten = CurrentVersion,
        VerReadable = CurrentVersion,
        FpModel = Size,
        LoaderSignature = "",
        LoaderSignatureAlt = "",
    };

    /// <summary>Up to eight characters as a number, the first in the lowest byte.</summary>
    public static ulong Pack(ReadOnlySpan<char> text)
    {
        ulong packed = 0;
        for (var i = 0; i < text.Length; i++)
        {
            Contracts.Check(text[i] <= 0xFF, "Signatures hold characters of one byte only");
            packed |= (ulong)text[i] << (8 * i);
        }

        return packed;
    }

    public static ModelHeader Read(BinaryReader reader)
    {
        var bytes = reader.ReadBytes(Size);
        Contracts.CheckDecode(null, bytes.Length == Size, "Corrupt file header");
        using var fields = new BinaryReader(new MemoryStream(bytes));
        var header = new ModelHeader
        {
            Signature = fields.ReadUInt64(),
            VerWritten = fields.ReadUInt32(),
            VerReadable = fields.ReadUInt32(),
            FpModel = fields.ReadInt64(),
            CbModel = fields.ReadInt64(),
            FpStringTable = fields.ReadInt64(),
            CbStringTable = fields.ReadInt64(),
            FpStringChars = fields.ReadInt64(),
            CbStringChars = fields.ReadInt64(),
            ModelSignature = fields.ReadUInt64(),
            ModelVerWritten = fields.ReadUInt32(),
            ModelVerReadable = fields.ReadUInt32(),
            LoaderSignature = Encoding.Latin1.GetString(fields.ReadBytes(LoaderSignatureLength)).TrimEnd('\0'),
            LoaderSignatureAlt = Encoding.Latin1.GetString(fields.ReadBytes(LoaderSignatureLength)).TrimEnd('\0'),
            FpTail = fields.ReadInt64(),
            FpLim = fields.ReadInt64(),
            FpAssemblyName = fields.ReadInt64(),
            CbAssemblyName = fields.ReadUInt32(),
        };
        header.Check();
        return header;
    }

    public readonly void Write(BinaryWriter writer)
    {
        var bytes = new byte[Size];
        using var fields = new BinaryWriter(new MemoryStream(bytes));
        fields.Write(Signature);
        fields.Write(VerWritten);
        fields.Write(VerReadable);
        fields.Write(FpModel);
        fields.Write(CbModel);
        fields.Write(FpStringTable);
        fields.Write(CbStringTable);
        fields.Write(FpStringChars);
        fields.Write(CbStringChars);
        fields.Write(ModelSignature);
        fields.Write(ModelVerWritten);
        fields.Write(ModelVerReadable);
        fields.Write(Padded(LoaderSignature));
        fields.Write(Padded(LoaderSignatureAlt));
        fields.Write(FpTail);
        fields.Write(FpLim);
        fields.Write(FpAssemblyName);
        fields.Write(CbAssemblyName);
        writer.Write(bytes);
    }

    public void SetVersionInfo(VersionInfo version)
    {
        ModelSignature = version.ModelSignature;
        ModelVerWritten = version.VerWrittenCur;
        ModelVerReadable = version.VerReadableCur;
        LoaderSignature = version.LoaderSignature ?? "";
        LoaderSignatureAlt = version.LoaderSignatureAlt ?? "";
        Contracts.Check(
            LoaderSignature.Length <= LoaderSignatureLength && LoaderSignatureAlt.Length <= LoaderSignatureLength,
            "Loader signatures have at most 24 characters");
    }

    public readonly void CheckVersionInfo(VersionInfo version)
    {
        Contracts.CheckDecode(null, ModelSignature == version.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(null, ModelVerReadable <= ModelVerWritten, "Corrupt file header");
        var library = typeof(VersionInfo).Assembly.GetName().Version;
        if (ModelVerReadable > version.VerWrittenCur)
        {
            throw Contracts.ExceptDecode(
                null,
                $"Cause: ML.NET {library} cannont read component '{version.LoaderSignature}' of the model, because the model is too new.\n" +
                $"Suggestion: Make sure the model is trained with ML.NET {library} or older.\n" +
                $"Debug details: Maximum expected version {ModelVerReadable}, got {version.VerWrittenCur}.");
        }

        if (ModelVerWritten < version.VerWeCanReadBack)
        {
            throw Contracts.ExceptDecode(
                null,
                $"Cause: ML.NET {library} cannot read component '{version.LoaderSignature}' of the model, because the model is too old.\n" +
                $"Suggestion: Make sure the model is trained with ML.NET {library}.\n" +
                $"Debug details: Minimum expected version {ModelVerReadable}, got {version.VerWrittenCur}.");
        }
    }

    private static byte[] Padded(string signature)
    {
        var bytes = new byte[LoaderSignatureLength];
        Encoding.Latin1.GetBytes(signature, bytes);
        return bytes;
    }

    private readonly void Check()
    {
        Contracts.CheckDecode(null, Signature == SignatureValue, "Wrong file type");
        Contracts.CheckDecode(null, VerReadable <= VerWritten, "Corrupt file header");
        Contracts.CheckDecode(null, VerReadable <= CurrentVersion, "File is too new");
        Contracts.CheckDecode(null, VerWritten >= OldestVersion, "File is too old");
        // Each part follows the one before it without a gap; an absent part has offset and size 0.
        var end = FpModel + CbModel;
        var sound = FpModel == Size && CbModel >= 0 && CbStringTable >= 0 && CbStringTable % sizeof(long) == 0 && CbStringChars >= 0 && CbStringChars % 2 == 0;
        if (FpStringTable != 0)
        {
            sound &= FpStringTable == end && CbStringTable > 0 && FpStringChars == end + CbStringTable;
            end = FpStringChars + CbStringChars;
        }
        else
        {
            sound &= CbStringTable == 0 && FpStringChars == 0 && CbStringChars == 0;
        }

        if (FpAssemblyName != 0)
        {
            sound &= FpAssemblyName == end && CbAssemblyName % 2 == 0;
            end += CbAssemblyName;
        }

        Contracts.CheckDecode(null, sound && FpTail == end && FpLim == end + sizeof(ulong), "Corrupt file header");
    }
}
