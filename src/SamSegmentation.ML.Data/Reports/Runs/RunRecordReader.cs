using System.Text.Json;
using SamSegmentation.ML.Evaluation;

namespace SamSegmentation.ML.Reports.Runs;

/// <summary>Reads a run's log, also one that is being written or was cut short.</summary>
internal sealed class RunRecordReader
{
    // What a report is made of.
    private static readonly string[] s_startKeys = ["time", "versions", "options", "classes", "head", "adapters", "trainedParameters", "cached", "training", "validation"];

    private readonly List<StepRecord> _steps = [];
    private readonly List<EpochRecord> _epochs = [];
    private JsonElement? _start;
    private ValidationRecord? _best;
    private ValidationRecord? _last;
    private RunEnding _ending;
    private string _failure = "";
    private int _resumed;
    private DateTimeOffset? _began;
    private DateTimeOffset? _heard;

    private RunRecordReader()
    {
    }

    /// <summary>Reads a log.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no run's log; the message gives the line.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RunRecord Read(string path)
    {
        var reader = new RunRecordReader();
        // The run may be writing it.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var lines = new StreamReader(stream);
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                reader.Take(document.RootElement);
            }
            catch (JsonException) when (lines.EndOfStream)
            {
                // The last line, of which the rest is not written yet or never was.
                break;
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new InvalidDataException($"'{path}', line {number} is not a line of a run's log: {e.Message}", e);
            }
        }
        return reader.Finish(path);
    }

    private RunRecord Finish(string path) => new()
    {
        Start = _start ?? throw new InvalidDataException($"'{path}' is not a run's log: it has no line with the event 'start'."),
        Steps = _steps,
        Epochs = _epochs,
        Best = _best,
        Last = _last,
        Ending = _ending,
        Failure = _failure,
        Resumed = _resumed,
        Began = _began!.Value,
        LastHeard = _heard!.Value,
    };

    private void Take(JsonElement line)
    {
        if (line.TryGetProperty("time", out var time))
        {
            _heard = time.GetDateTimeOffset();
            _began ??= _heard;
        }
        // What follows an end belongs to a run that was taken up again.
        var name = line.GetProperty("event").GetString();
        _ending = name switch
        {
            "end" => line.GetProperty("cancelled").GetBoolean() ? RunEnding.Cancelled : RunEnding.Finished,
            "failure" => RunEnding.Failed,
            _ => RunEnding.Open,
        };
        switch (name)
        {
            case "start":
                foreach (var key in s_startKeys)
                    _ = line.GetProperty(key);
                _start = line.Clone();
                break;
            case "step":
                _steps.Add(Step(line));
                break;
            case "epoch":
                TakeEpoch(line);
                break;
            case "resume":
                _resumed++;
                break;
            case "failure":
                _failure = $"{line.GetProperty("error").GetString()}: {line.GetProperty("message").GetString()}";
                break;
        }
    }

    private static StepRecord Step(JsonElement line) => new(
        line.GetProperty("step").GetInt64(),
        Number(line.GetProperty("loss")) ?? double.NaN,
        Number(line.GetProperty("learningRate")) ?? double.NaN,
        line.GetProperty("partLearningRates").EnumerateObject().ToDictionary(part => part.Name, part => Number(part.Value) ?? double.NaN));

    private void TakeEpoch(JsonElement line)
    {
        var validation = line.GetProperty("validation");
        var full = validation.ValueKind == JsonValueKind.Object ? Validation(line, validation) : null;
        _epochs.Add(new EpochRecord(
            line.GetProperty("epoch").GetInt32(),
            line.GetProperty("step").GetInt64(),
            Number(line.GetProperty("trainingLoss")) ?? double.NaN,
            line.GetProperty("training") is { ValueKind: JsonValueKind.Object } training ? Number(training.GetProperty("meanIoU")) : null,
            Number(line.GetProperty("validationLoss")),
            full?.MeanIoU,
            full is null ? [] : [.. full.Classes.Select(one => one.IoU)]));
        // Two of them in full are enough, however many epochs there are.
        _last = full ?? _last;
        if (full is { IsBest: true })
            _best = full;
    }

    private ValidationRecord Validation(JsonElement line, JsonElement validation)
    {
        var names = _start?.GetProperty("classes").EnumerateArray().Select(name => name.GetString()!).ToArray()
            ?? throw new FormatException("an epoch comes before the start");
        var (iou, accuracy, pixels) = (validation.GetProperty("perClassIoU"), validation.GetProperty("perClassAccuracy"), validation.GetProperty("perClassPixels"));
        var confusion = line.GetProperty("confusionMatrix");
        return new ValidationRecord(
            line.GetProperty("epoch").GetInt32(),
            line.GetProperty("isBest").GetBoolean(),
            Number(validation.GetProperty("meanIoU")) ?? double.NaN,
            Number(validation.GetProperty("pixelAccuracy")) ?? double.NaN,
            Number(validation.GetProperty("meanAccuracy")) ?? double.NaN,
            Number(line.GetProperty("validationLoss")) ?? double.NaN,
            [.. names.Select((name, id) => new ClassMetrics(
                id, name, Number(iou.GetProperty(name)), null, Number(accuracy.GetProperty(name)), pixels.GetProperty(name).GetInt64()))],
            confusion.ValueKind == JsonValueKind.Null
                ? null
                : [.. confusion.EnumerateArray().Select(row => (IReadOnlyList<long>)[.. row.EnumerateArray().Select(count => count.GetInt64())])]);
    }

    // NaN and infinities are written by their names.
    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => double.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.GetDouble(),
    };
}
