using SamSegmentation.Demo.Scenes;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Demo;

public class SceneTests
{
    private const int Count = 60;

    private static readonly Lazy<Scene[]> s_scenes = new(() => [.. Enumerable.Range(0, Count).Select(number => Scene.Generate(seed: 7, number))]);

    [Fact]
    public void Generate_SameSeedAndNumber_GivesTheSameBytes()
    {
        for (int number = 0; number < 5; number++)
        {
            var again = Scene.Generate(7, number);
            Assert.Equal(s_scenes.Value[number].Image.Pixels, again.Image.Pixels);
            Assert.Equal(LabelMapPng.EncodePalette(s_scenes.Value[number].Labels, ColorMap.Voc), LabelMapPng.EncodePalette(again.Labels, ColorMap.Voc));
        }
    }

    [Fact]
    public void Generate_OtherSeedOrNumber_GivesAnotherScene()
    {
        int distinct = s_scenes.Value.Select(scene => Convert.ToHexString(scene.Image.Pixels.AsSpan(0, 300))).Distinct().Count();
        Assert.Equal(Count, distinct);
        Assert.NotEqual(s_scenes.Value[0].Image.Pixels, Scene.Generate(8, 0).Image.Pixels);
    }

    [Fact]
    public void Generate_ManyScenes_AreOfManySizes()
    {
        Assert.All(s_scenes.Value, scene =>
        {
            Assert.InRange(scene.Image.Height, 96, 160);
            Assert.InRange(scene.Image.Width, 96, 160);
            Assert.Equal((scene.Image.Height, scene.Image.Width), (scene.Labels.Height, scene.Labels.Width));
        });
        Assert.True(s_scenes.Value.Select(scene => (scene.Image.Height, scene.Image.Width)).Distinct().Count() > Count / 2);
        Assert.True(s_scenes.Value.Count(scene => scene.Image.Height != scene.Image.Width) > Count / 2);
    }

    [Fact]
    public void Generate_ManyScenes_ShowEveryClass()
    {
        for (int id = 0; id < SceneClasses.Names.Count; id++)
        {
            ushort wanted = (ushort)id;
            int scenes = s_scenes.Value.Count(scene => scene.Labels.Ids.Contains(wanted));
            double share = s_scenes.Value.Average(scene => (double)scene.Labels.Ids.Count(label => label == wanted) / scene.Labels.Ids.Length);
            Assert.True(scenes >= Count / 5, $"{SceneClasses.Names[id]} is in {scenes} of {Count} scenes.");
            Assert.True(share > 0.015, $"{SceneClasses.Names[id]} fills {share:P1}.");
        }
        Assert.All(s_scenes.Value, scene => Assert.All(scene.Labels.Ids, id => Assert.True(id < SceneClasses.Names.Count || id == SceneClasses.Void)));
    }

    [Fact]
    public void Generate_ManyScenes_SeparateClassesByVoid()
    {
        foreach (var scene in s_scenes.Value)
        {
            var labels = scene.Labels;
            int voids = 0;
            for (int y = 0; y < labels.Height; y++)
            {
                for (int x = 0; x < labels.Width; x++)
                {
                    if (labels[y, x] == SceneClasses.Void)
                    {
                        voids++;
                        continue;
                    }
                    if (x > 0 && labels[y, x - 1] != SceneClasses.Void)
                        Assert.Equal(labels[y, x - 1], labels[y, x]);
                    if (y > 0 && labels[y - 1, x] != SceneClasses.Void)
                        Assert.Equal(labels[y - 1, x], labels[y, x]);
                }
            }
            Assert.InRange((double)voids / labels.Ids.Length, 0.005, 0.2);
        }
    }

    [Fact]
    public void Generate_ManyScenes_HideObjectsBehindOthers()
    {
        // Where two objects of different classes meet, a void pixel has both within two pixels.
        int scenesWithContact = s_scenes.Value.Count(scene =>
        {
            var labels = scene.Labels;
            for (int y = 2; y < labels.Height - 2; y++)
            {
                for (int x = 2; x < labels.Width - 2; x++)
                {
                    ushort left = labels[y, x - 2], right = labels[y, x + 2];
                    if (labels[y, x] == SceneClasses.Void && left != right && IsObject(left) && IsObject(right))
                        return true;
                }
            }
            return false;
        });
        Assert.True(scenesWithContact > Count / 4, $"{scenesWithContact} scenes of {Count}.");

        static bool IsObject(ushort id) => id is not (SceneClasses.Background or SceneClasses.Void);
    }
}
