namespace TorchSharp;

public static partial class torch
{
    /// <summary>How <c>interpolate</c> finds values between the grid's points.</summary>
    public enum InterpolationMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
        Area = 5,
    }
}
