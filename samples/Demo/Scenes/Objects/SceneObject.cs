namespace SamSegmentation.Demo.Scenes.Objects;

/// <summary>
/// Something that stands in a scene. Its own coordinates: v runs down from −1 (top) to 1 (bottom), u to the right from
/// −<see cref="HalfWidth"/> to <see cref="HalfWidth"/>; the light comes from the left, above and in front.
/// </summary>
public abstract class SceneObject
{
    /// <summary>The class id, at least 1.</summary>
    public abstract int ClassId { get; }

    /// <summary>Half the width, in halves of the height.</summary>
    public abstract double HalfWidth { get; }

    /// <summary>How tall the object is compared with others in the same place.</summary>
    public abstract double RelativeHeight { get; }

    /// <summary>The angle by which the object is turned clockwise, in radians.</summary>
    public virtual double Tilt => 0;

    /// <summary>The object's colour at a point, or null where there is nothing of it.</summary>
    public abstract Color? At(double u, double v);
}
