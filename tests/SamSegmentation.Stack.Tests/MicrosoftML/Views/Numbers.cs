using Microsoft.ML;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Views;

/// <summary>Rows that are told apart by their number.</summary>
internal sealed class Numbers
{
    public int Number { get; set; }

    public string Group { get; set; } = "";

    public float Single { get; set; }

    public static IDataView Load(MLContext ml, int count) => ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, count).Select(i => new Numbers { Number = i, Group = $"group {i / 3}", Single = i * 1.5f }).ToArray());

    public static int[] Of(IDataView data)
    {
        using var cursor = data.GetRowCursor([data.Schema["Number"]]);
        return [.. Of(cursor)];
    }

    public static IEnumerable<int> Of(DataViewRowCursor cursor)
    {
        var get = cursor.GetGetter<int>(cursor.Schema["Number"]);
        var value = 0;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return value;
        }
    }
}
