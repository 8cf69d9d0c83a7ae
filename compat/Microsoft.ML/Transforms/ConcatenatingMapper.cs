using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal sealed class ConcatenatingMapper : IRowMapper
{
    private readonly DataViewSchema.Column[] _sources;
    private readonly PrimitiveDataViewType _itemType;
    private readonly bool _isIdentity;

    public ConcatenatingMapper(string name, PrimitiveDataViewType itemType, DataViewSchema.Column[] sources)
    {
        _sources = sources;
        _itemType = itemType;
        _isIdentity = sources is [{ Type: VectorDataViewType }];
        var size = sources.Any(source => SizeOf(source) == 0) ? 0 : sources.Sum(SizeOf);
        OutputColumns = _isIdentity
            ? [new DataViewSchema.DetachedColumn(name, sources[0].Type, sources[0].Annotations)]
            : [new DataViewSchema.DetachedColumn(name, new VectorDataViewType(itemType, size), MakeAnnotations(size))];
    }

    public DataViewSchema.DetachedColumn[] OutputColumns { get; }

    public IEnumerable<DataViewSchema.Column> Dependencies(int output) => _sources;

    public Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer)
    {
        disposer = null;
        if (!activeOutputs[0])
            return [null];
        return _isIdentity
            ? [GenericCall.Invoke<Delegate>(Identity<int>, _sources[0].Type.RawType, input)]
            : [GenericCall.Invoke<Delegate>(Concatenation<int>, _itemType.RawType, input)];
    }

    private static int SizeOf(DataViewSchema.Column column) => column.Type is VectorDataViewType vector ? vector.Size : 1;

    private ValueGetter<T> Identity<T>(DataViewRow input) => input.GetGetter<T>(_sources[0]);

    private ValueGetter<VBuffer<T>> Concatenation<T>(DataViewRow input)
    {
        var parts = Array.ConvertAll(_sources, source => Part<T>(input, source));
        return (ref VBuffer<T> destination) =>
        {
            var vectors = Array.ConvertAll(parts, read => read());
            var length = vectors.Sum(vector => vector.Length);
            var stored = vectors.Sum(vector => vector.GetValues().Length);
            var isDense = stored > length / 2;
            var editor = isDense ? VBufferEditor.Create(ref destination, length) : VBufferEditor.Create(ref destination, length, stored);
            var (offset, place) = (0, 0);
            foreach (var vector in vectors)
            {
                if (isDense)
                    vector.CopyTo(editor.Values, offset);
                else
                {
                    foreach (var (index, value) in vector.Items())
                        (editor.Indices[place], editor.Values[place++]) = (offset + index, value);
                }

                offset += vector.Length;
            }

            destination = editor.Commit();
        };
    }

    private static Func<VBuffer<T>> Part<T>(DataViewRow input, DataViewSchema.Column source)
    {
        if (source.Type is not VectorDataViewType type)
        {
            var getOne = input.GetGetter<T>(source);
            var one = new T[1];
            return () =>
            {
                getOne(ref one[0]);
                return new VBuffer<T>(1, one);
            };
        }

        var get = input.GetGetter<VBuffer<T>>(source);
        VBuffer<T> vector = default;
        return () =>
        {
            get(ref vector);
            return type.Size == 0 || type.Size == vector.Length
                ? vector
                : throw Contracts.Except($"Column '{source.Name}': expected {type.Size} slots, but got {vector.Length}");
        };
    }

    private DataViewSchema.Annotations MakeAnnotations(int size)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (_itemType is NumberDataViewType && _sources.All(source => source.IsNormalized()))
            builder.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);
        if (size > 0 && _sources.Any(source => source.Type is not VectorDataViewType || source.HasSlotNames()))
        {
            builder.Add(AnnotationKinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, size), (ref VBuffer<ReadOnlyMemory<char>> names) =>
            {
                ReadOnlyMemory<char>[] all = [.. _sources.SelectMany(NamesOf)];
                VBuffer<ReadOnlyMemory<char>>.Copy(all, 0, ref names, all.Length);
            });
        }

        return builder.ToAnnotations();
    }

    private static IEnumerable<ReadOnlyMemory<char>> NamesOf(DataViewSchema.Column source)
    {
        if (source.Type is not VectorDataViewType)
            return [source.Name.AsMemory()];
        if (!source.HasSlotNames())
            return new ReadOnlyMemory<char>[SizeOf(source)];
        VBuffer<ReadOnlyMemory<char>> names = default;
        source.GetSlotNames(ref names);
        return names.DenseValues().Select(name => name.IsEmpty ? name : $"{source.Name}.{name}".AsMemory());
    }
}
