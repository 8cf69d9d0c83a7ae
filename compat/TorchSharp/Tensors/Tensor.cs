using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A reference to one of libtorch's tensors. It belongs to the innermost <see cref="DisposeScope"/> of the thread that
    /// made it; without one, the finaliser frees it.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long s_totalCount;
        private static long s_peakCount;

        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            var total = Interlocked.Increment(ref s_totalCount);
            var peak = Interlocked.Read(ref s_peakCount);
            while (total > peak)
            {
                var seen = Interlocked.CompareExchange(ref s_peakCount, total, peak);
                if (seen == peak) break;
                peak = seen;
            }

            OwningDisposeScope = DisposeScopeManager.Current.Register(this);
        }

        /// <summary>Takes over the native tensor of another, which is empty then, and its place in a dispose scope.</summary>
        internal Tensor(Tensor data)
        {
            _handle = data.Handle;
            data._handle = 0;
            GC.SuppressFinalize(data);
            var scope = data.OwningDisposeScope;
            scope?.Replace(data, this);
            data.OwningDisposeScope = null;
            OwningDisposeScope = scope;
        }

        ~Tensor() => Release();

        /// <summary>How many tensors are alive that managed code holds.</summary>
        public static long TotalCount => Interlocked.Read(ref s_totalCount);

        /// <summary>The highest <see cref="TotalCount"/> so far.</summary>
        public static long PeakCount => Interlocked.Read(ref s_peakCount);

        public bool IsInvalid => _handle == 0;

        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public string? name { get; set; }

        internal DisposeScope? OwningDisposeScope { get; set; }

        public void Dispose()
        {
            if (_handle != 0) OwningDisposeScope?.MarkAsDisposed(this);
            Release();
            GC.SuppressFinalize(this);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>Another reference to the same native tensor.</summary>
        public Tensor alias() => new(NativeMethods.Checked(NativeMethods.tsc_tensor_alias(Handle)));

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>True if both have the same shape and elements.</summary>
        public bool Equals(Tensor target) => Aten.CallBool("equal", this, target);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            Interlocked.Decrement(ref s_totalCount);
            NativeMethods.tsc_tensor_release(handle);
        }

        /// <summary>Runs an operator that works in place. As in newer versions of TorchSharp, the result is this very object.</summary>
        private Tensor Mutate(string op, params ReadOnlySpan<Argument> arguments)
        {
            Aten.Run(op, arguments);
            return this;
        }
    }
}
