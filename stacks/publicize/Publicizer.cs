using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SamSegmentation.Publicize;

/// <summary>
/// Makes a copy of an assembly whose internal types and members are public, for the compiler alone: the C# compiler does
/// not know the attribute by which the runtime grants access (IgnoresAccessChecksTo). Nothing is run from the copy.
/// </summary>
/// <remarks>ECMA-335, II.22.15 (Field), II.22.26 (MethodDef) and II.22.37 (TypeDef): visibility is the lowest three bits of a row's flags.</remarks>
public static class Publicizer
{
    private const int VisibilityMask = 0x7;

    // Where the flags are in a MethodDef row: behind the RVA (4 bytes) and the implementation flags (2).
    private const int MethodFlagsOffset = 6;

    /// <summary>Writes the copy, unless it is there already with the same content.</summary>
    /// <param name="input">The assembly.</param>
    /// <param name="output">The copy; its folder is made.</param>
    public static void Write(string input, string output)
    {
        byte[] image = File.ReadAllBytes(input);
        Publicize(image);
        if (File.Exists(output) && File.ReadAllBytes(output).AsSpan().SequenceEqual(image))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        string temporary = $"{output}.{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, image);
        File.Move(temporary, output, overwrite: true);
    }

    /// <summary>Changes an assembly's bytes in place.</summary>
    /// <param name="image">The whole file.</param>
    public static void Publicize(byte[] image)
    {
        using var pe = new PEReader([.. image]);
        var metadata = pe.GetMetadataReader();
        int start = pe.PEHeaders.MetadataStartOffset;
        ForEachRow(TableIndex.TypeDef, 0, flags => (flags & VisibilityMask) switch
        {
            (int)TypeAttributes.NotPublic => flags | (int)TypeAttributes.Public,
            (int)TypeAttributes.NestedAssembly or (int)TypeAttributes.NestedFamORAssem or (int)TypeAttributes.NestedFamANDAssem =>
                (flags & ~VisibilityMask) | (int)TypeAttributes.NestedPublic,
            _ => flags,
        });
        ForEachRow(TableIndex.MethodDef, MethodFlagsOffset, Member);
        ForEachRow(TableIndex.Field, 0, Member);

        // Methods and fields count their visibilities alike. Protected ones stay: who derives sees them anyway.
        static int Member(int flags) => (flags & VisibilityMask) == (int)MethodAttributes.Assembly
            ? (flags & ~VisibilityMask) | (int)MethodAttributes.Public
            : flags;

        void ForEachRow(TableIndex table, int offset, Func<int, int> change)
        {
            int size = metadata.GetTableRowSize(table);
            int at = start + metadata.GetTableMetadataOffset(table) + offset;
            for (int row = metadata.GetTableRowCount(table); row > 0; row--, at += size)
            {
                // All visibilities are in the first two bytes, which is all that methods and fields have.
                var flags = image.AsSpan(at, 2);
                BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)change(BinaryPrimitives.ReadUInt16LittleEndian(flags)));
            }
        }
    }
}
