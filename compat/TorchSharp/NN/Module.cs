using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and further parts, each under a name.</summary>
        public partial class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Module> _children = [];
            private readonly OrderedDictionary<string, Parameter> _ownParameters = [];
            private readonly OrderedDictionary<string, Tensor> _ownBuffers = [];
            private bool _componentsRegistered;
            private bool _disposed;

            protected string? name;

            protected Module(string name) => this.name = name;

            ~Module() => Dispose(false);

            public virtual bool training { get; private protected set; } = true;

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in named_children()) child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad;
                    if (gradient is not null) parameter.grad = null;
                }
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _children.Remove(name);
                    return;
                }

                if (string.IsNullOrEmpty(name)) throw new ArgumentException("module name can't be empty string \"\"");
                if (name.Contains('.')) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (_children.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _children.Add(name, submodule);
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!_ownParameters.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!_ownBuffers.TryAdd(name, tensor)) throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Registers what the module's fields hold under the fields' names; PyTorch does so on assignment.</summary>
            protected virtual void RegisterComponents()
            {
                if (_componentsRegistered) return;
                foreach (var field in Fields())
                {
                    if (_children.ContainsKey(field.Name) || _ownParameters.ContainsKey(field.Name) || _ownBuffers.ContainsKey(field.Name)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(field.Name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(field.Name, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(field.Name, tensor);
                            break;
                    }
                }

                _componentsRegistered = true;
            }

            protected void ConditionallyRegisterParameter(string name, Tensor? value)
            {
                if (value is null) _ownParameters.Remove(name);
                else _ownParameters[name] = value as Parameter ?? new Parameter(value);
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value)
            {
                if (value is null) _ownBuffers.Remove(name);
                else _ownBuffers[name] = value;
            }

            protected void ClearModules() => _children.Clear();

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed) return;
                _disposed = true;
                foreach (var (_, buffer) in named_buffers(false).ToList()) buffer.DetachFromDisposeScope().Dispose();
                foreach (var (_, parameter) in named_parameters(false).ToList()) parameter.DetachFromDisposeScope().Dispose();
                foreach (var (_, module) in named_modules().ToList()) module.Dispose();
            }

            private protected Parameter? OwnParameter(string name) => _ownParameters.TryGetValue(name, out var parameter) ? parameter : null;

            private protected Tensor? OwnBuffer(string name) => _ownBuffers.TryGetValue(name, out var buffer) ? buffer : null;

            private IEnumerable<FieldInfo> Fields()
            {
                var seen = new HashSet<string>();
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                    {
                        if (seen.Add(field.Name)) yield return field;
                    }
                }
            }
        }
    }
}
