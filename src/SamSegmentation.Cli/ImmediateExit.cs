using System.Runtime.InteropServices;

namespace SamSegmentation.Cli;

/// <summary>Ends the process in the middle of its work.</summary>
internal static partial class ImmediateExit
{
    /// <summary>
    /// Ends the process at once. <see cref="Environment.Exit"/> would run the native libraries' own endings first, while
    /// other threads are still computing in them: they crash.
    /// </summary>
    /// <param name="code">The exit code.</param>
    public static void With(int code)
    {
        if (OperatingSystem.IsWindows())
            Environment.Exit(code); // Windows ends all other threads before libraries are unloaded
        else
            Exit(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
