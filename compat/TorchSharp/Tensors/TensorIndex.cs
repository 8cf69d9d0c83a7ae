using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One part of an index expression.</summary>
    public readonly struct TensorIndex
    {
        public static TensorIndex Ellipsis = new(IndexKind.Ellipsis);
        public static TensorIndex None = new(IndexKind.NewAxis);
        public static TensorIndex Null = new(IndexKind.NewAxis);
        public static TensorIndex Colon = Slice();

        private readonly IndexKind _kind;
        private readonly long? _start;
        private readonly long? _stop;
        private readonly long? _step;
        private readonly Tensor? _tensor;

        private TensorIndex(IndexKind kind, long? start = null, long? stop = null, long? step = null, Tensor? tensor = null)
        {
            _kind = kind;
            _start = start;
            _stop = stop;
            _step = step;
            _tensor = tensor;
        }

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new(IndexKind.Slice, start, stop, step);

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(Bound(range.Start), range.End.Equals(Index.End) ? null : Bound(range.End));

        public static TensorIndex Bool(bool value) => new(IndexKind.Bool, value ? 1 : 0);

        public static TensorIndex Single(long? index) => new(IndexKind.Single, index);

        public static TensorIndex Tensor(Tensor tensor) => new(IndexKind.Tensor, tensor: tensor);

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        /// <summary>Never called: it guides the choice between the two indexers.</summary>
        public static implicit operator Tensor(TensorIndex value) =>
            throw new InvalidOperationException("a TensorIndex is not a tensor");

        internal Tensor? Operand => _tensor;

        internal NativeIndex ToNative() => new()
        {
            Kind = _kind,
            Given = (_start.HasValue ? NativeIndex.HasStart : 0) | (_stop.HasValue ? NativeIndex.HasStop : 0) | (_step.HasValue ? NativeIndex.HasStep : 0),
            Start = _start ?? 0,
            Stop = _stop ?? 0,
            Step = _step ?? 0,
            Tensor = _tensor?.Handle ?? 0,
        };

        private static long Bound(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
