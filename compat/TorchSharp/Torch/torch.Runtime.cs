using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of the library underneath.</summary>
    public static string __version__ => "1.13.1";

    public static ScalarType get_default_dtype() => (ScalarType)NativeMethods.tsc_get_default_dtype();

    public static void set_default_dtype(ScalarType dtype) => NativeMethods.Check(NativeMethods.tsc_set_default_dtype((int)dtype));

    public static int get_num_threads() => NativeMethods.tsc_get_num_threads();

    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.tsc_set_num_threads(num));

    public static int get_num_interop_threads() => NativeMethods.tsc_get_num_interop_threads();

    public static void set_num_interop_threads(int num) => NativeMethods.Check(NativeMethods.tsc_set_num_interop_threads(num));

    /// <summary>Seeds the default generator.</summary>
    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    public static long initial_seed() => Generator.Default.initial_seed();

    public static long seed() => Generator.Default.seed();

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    /// <summary>The functions above, under the name that PyTorch's module has.</summary>
    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed() => torch.initial_seed();

        public static long seed() => torch.seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
