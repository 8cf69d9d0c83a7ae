using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.Cli.Training;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.Cli.Tests.Settings;

public sealed class CommittedFilesTests
{
    [Fact]
    public void SemanticSeg_EveryKey_IsThereWithItsDefault()
    {
        var loaded = Load("config/semantic_seg.yaml");

        Assert.Equal(SamSegKnobs.Table.Knobs.Select(knob => knob.Key).Order(), loaded.Places.Keys.Order());
        Assert.Equal(SettingsText.Show(SamSegSettings.Default), SettingsText.Show(loaded.Settings));
    }

    [Fact]
    public void Reference_ItsOptions_AreTheLibrarysReferenceProtocol()
    {
        var loaded = Load("config/reference.yaml");

        Assert.Equal(
            SettingsText.Show(SamSegSettings.Default.StartFrom(Protocol.Reference) with { Protocol = Protocol.Default }),
            SettingsText.Show(loaded.Settings));
        Assert.Equal(TrainingOptions.Reference.Schedule, TrainingSetup.Options(loaded, DateTimeOffset.UnixEpoch).Schedule);
    }

    [Fact]
    public void Tiny_ItsNetwork_CanBeBuilt()
    {
        var loaded = Load("config/tiny.yaml");

        loaded.Settings.Model.Network.Over(SamConfig.VitB).Validate();
        Assert.Empty(TrainingSetup.Options(loaded, DateTimeOffset.UnixEpoch).FindFaults());
    }

    private static LoadedSettings<SamSegSettings> Load(string file)
    {
        var problems = new List<ConfigProblem>();
        var root = YamlFile.Read(RepositoryFiles.PathOf(file), problems);
        var loaded = SamSegKnobs.Table.Read(SamSegSettings.Default, root, new Dictionary<Knob<SamSegSettings>, ConfigNode>(), problems);
        Assert.Empty(problems);
        return loaded;
    }
}
