using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SamSegmentation.ML.Hosting;
using SamSegmentation.ML.Pipeline;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what a host needs to serve models and to train them by its configuration.</summary>
public static class SegmentationServiceCollectionExtensions
{
    private const string Models = "Models", Training = "Training";

    /// <summary>
    /// Registers <see cref="SegmentationPredictorPool"/> with the models of a section, and <see cref="SamTrainerOptions"/>
    /// if it has them. All options are validated when the host starts; its error lists every fault.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="section">
    /// <c>Models</c>: a <see cref="SegmentationModelOptions"/> for each name; <c>Training</c>: <see cref="SamTrainerOptions"/>.
    /// A key that is neither, or that these do not have, is an error.
    /// </param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The section is empty, or has a key that is neither of these two.</exception>
    public static IServiceCollection AddSamSegmentation(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        var place = section is IConfigurationSection { Path: var path } ? $"'{path}'" : "the configuration";
        var keys = section.GetChildren().Select(child => child.Key).ToList();
        if (keys.Count == 0)
            throw new ArgumentException($"{place} is empty or not there; expected the section {Models}, the section {Training}, or both.", nameof(section));
        var unknown = keys.Where(key => !Is(key, Models) && !Is(key, Training)).ToList();
        if (unknown.Count > 0)
            throw new ArgumentException($"{place} has {string.Join(", ", unknown)}; expected {Models} and {Training} alone.", nameof(section));

        services.TryAddSingleton(CreatePool);
        foreach (var model in section.GetSection(Models).GetChildren())
            Register(services, model.Key).Bind(model, Strictly);
        if (section.GetSection(Training) is { } training && training.Exists())
        {
            services.AddOptions<SamTrainerOptions>().Bind(training, Strictly).ValidateOnStart();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SamTrainerOptions>, SamTrainerOptionsValidator>());
        }
        return services;
    }

    /// <summary>Registers <see cref="SegmentationPredictorPool"/> with a model that is configured in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name by which the model is asked for.</param>
    /// <param name="configure">Sets its options, which are validated when the host starts.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">A model of this name is registered already.</exception>
    public static IServiceCollection AddSegmentationModel(this IServiceCollection services, string name, Action<SegmentationModelOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddSingleton(CreatePool);
        Register(services, name).Configure(configure);
        return services;
    }

    private static OptionsBuilder<SegmentationModelOptions> Register(IServiceCollection services, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (services.Any(service => service.ImplementationInstance is ModelName other && Is(other.Value, name)))
            throw new ArgumentException($"A model '{name}' is registered already.", nameof(name));
        services.AddSingleton(new ModelName(name));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SegmentationModelOptions>, SegmentationModelOptionsValidator>());
        return services.AddOptions<SegmentationModelOptions>(name).ValidateOnStart();
    }

    private static SegmentationPredictorPool CreatePool(IServiceProvider provider) => new(
        provider.GetServices<ModelName>(),
        provider.GetRequiredService<IOptionsMonitor<SegmentationModelOptions>>(),
        provider.GetService<TimeProvider>(),
        provider.GetService<ILogger<SegmentationPredictorPool>>());

    private static void Strictly(BinderOptions binder) => binder.ErrorOnUnknownConfiguration = true;

    private static bool Is(string key, string name) => string.Equals(key, name, StringComparison.OrdinalIgnoreCase);
}
