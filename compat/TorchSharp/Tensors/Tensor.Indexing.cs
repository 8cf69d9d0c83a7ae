using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => At(i1);
            set => Put(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => Put(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At(i1, i2, i3);
            set => Put(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At(i1, i2, i3, i4);
            set => Put(value, i1, i2, i3, i4);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => At(i1, i2, i3, i4, i5);
            set => Put(value, i1, i2, i3, i4, i5);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => At(i1, i2, i3, i4, i5, i6);
            set => Put(value, i1, i2, i3, i4, i5, i6);
        }

        public unsafe Tensor index(params TensorIndex[] indices)
        {
            fixed (NativeIndex* native = ToNative(indices))
            {
                var result = new Tensor(NativeMethods.Checked(NativeMethods.tsc_index(Handle, native, indices.Length)));
                KeepAlive(indices);
                return result;
            }
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public unsafe Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            fixed (NativeIndex* native = ToNative(indices))
            {
                NativeMethods.Check(NativeMethods.tsc_index_put(Handle, native, indices.Length, value.Handle));
                KeepAlive(indices);
                GC.KeepAlive(value);
                return this;
            }
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public unsafe Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            fixed (NativeIndex* native = ToNative(indices))
            {
                var isInteger = value.IsIntegral;
                NativeMethods.Check(NativeMethods.tsc_index_fill(
                    Handle, native, indices.Length, value.ToDouble(), value.Integer, isInteger ? 1 : 0));
                KeepAlive(indices);
                return this;
            }
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        /// <summary>One select after the other, as the real library does; the messages of errors are select's.</summary>
        private Tensor At(params ReadOnlySpan<long> indices)
        {
            var current = select(0, indices[0]);
            foreach (var index in indices[1..])
            {
                using var whole = current;
                current = whole.select(0, index);
            }

            return current;
        }

        private void Put(Tensor value, params ReadOnlySpan<long> indices)
        {
            using var place = At(indices);
            place.copy_(value);
        }

        private static NativeIndex[] ToNative(TensorIndex[] indices) => Array.ConvertAll(indices, index => index.ToNative());

        private void KeepAlive(TensorIndex[] indices)
        {
            GC.KeepAlive(this);
            foreach (ref readonly var index in indices.AsSpan()) GC.KeepAlive(index.Operand);
        }
    }
}
