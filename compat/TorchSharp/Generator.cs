using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
            : this(NativeMethods.Checked(NativeMethods.tsc_generator_new(seed)), InitializeDevice(device))
        {
        }

        private Generator(nint handle, Device device)
        {
            _handle = handle;
            this.device = device;
        }

        ~Generator() => Dispose(false);

        /// <summary>The generator that operators use when none is given.</summary>
        public static Generator Default { get; } = new(NativeMethods.Checked(NativeMethods.tsc_generator_default()), CPU);

        public Device device { get; }

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.tsc_generator_set_seed(Handle, unchecked((ulong)seed)));
            GC.KeepAlive(this);
            return this;
        }

        public unsafe long initial_seed()
        {
            ulong seed;
            NativeMethods.Check(NativeMethods.tsc_generator_initial_seed(Handle, &seed));
            GC.KeepAlive(this);
            return unchecked((long)seed);
        }

        /// <summary>Seeds from the system's entropy and returns that seed.</summary>
        public unsafe long seed()
        {
            ulong seed;
            NativeMethods.Check(NativeMethods.tsc_generator_seed(Handle, &seed));
            GC.KeepAlive(this);
            return unchecked((long)seed);
        }

        public Tensor get_state()
        {
            var state = new Tensor(NativeMethods.Checked(NativeMethods.tsc_generator_get_state(Handle)));
            GC.KeepAlive(this);
            return state;
        }

        public void set_state(Tensor value)
        {
            NativeMethods.Check(NativeMethods.tsc_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) NativeMethods.tsc_generator_release(handle);
        }
    }
}
