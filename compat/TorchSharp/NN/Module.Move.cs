using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Change of type and place.</summary>
        public partial class Module
        {
            /// <summary>
            /// As in TorchSharp, a parameter that changes becomes a new object, which the module's field or property of
            /// that name then holds; only floating-point tensors change their type.
            /// </summary>
            internal virtual void Move(Device? device, ScalarType? dtype)
            {
                if (dtype is { } type && !torch.is_floating_point(type))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={type}");
                if (device is not null) InitializeDevice(device);
                foreach (var (_, child) in named_children()) child.Move(device, dtype);
                foreach (var (key, parameter) in named_parameters(false).ToList())
                {
                    if (!Changes(parameter, device, dtype)) continue;
                    using var mode = no_grad();
                    var moved = new Parameter(parameter.to(TargetType(parameter, dtype), device ?? parameter.device), parameter.requires_grad);
                    moved.DetachFromDisposeScope();
                    using (var gradient = parameter.grad)
                    {
                        if (gradient is not null)
                        {
                            using var movedGradient = gradient.to(moved.dtype, moved.device);
                            moved.grad = movedGradient;
                        }
                    }

                    parameter.Dispose();
                    Replace(key, moved, ConditionallyRegisterParameter);
                }

                foreach (var (key, buffer) in named_buffers(false).ToList())
                {
                    if (!Changes(buffer, device, dtype)) continue;
                    var moved = buffer.to(TargetType(buffer, dtype), device ?? buffer.device).DetachFromDisposeScope();
                    buffer.Dispose();
                    Replace(key, moved, ConditionallyRegisterBuffer);
                }
            }

            private static ScalarType TargetType(Tensor tensor, ScalarType? dtype) =>
                dtype is { } type && tensor.is_floating_point() ? type : tensor.dtype;

            private static bool Changes(Tensor tensor, Device? device, ScalarType? dtype) =>
                TargetType(tensor, dtype) != tensor.dtype || (device is not null && device.type != tensor.device_type);

            private void Replace(string key, Tensor moved, Action<string, Tensor?> register)
            {
                register(key, moved);
                var field = Fields().FirstOrDefault(f => f.Name == key && f.FieldType.IsInstanceOfType(moved));
                if (field is not null)
                {
                    field.SetValue(this, moved);
                    return;
                }

                var property = GetType().GetProperty(key, BindingFlags.Public | BindingFlags.Instance);
                if (property is { CanWrite: true } && property.PropertyType.IsInstanceOfType(moved)) property.SetValue(this, moved);
            }
        }
    }
}
