using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(testFraction > 0 && testFraction < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        var condition = new SplitCondition(_env, data, samplingKeyColumnName, seed);
        Register("RangeFilter", "RangeFilter", "ColumnSelectingTransformer", "ColumnSelectingTransformer");
        return new TrainTestData(
            condition.Select(data, place => !(place >= 0 && place < testFraction)),
            condition.Select(data, place => place >= 0 && place < testFraction));
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        var condition = new SplitCondition(_env, data, samplingKeyColumnName, seed);
        return
        [
            .. Enumerable.Range(0, numberOfFolds).Select(fold =>
            {
                Register("RangeFilter", "RangeFilter", "ColumnSelectingTransformer", "ColumnSelectingTransformer");
                var (from, to) = ((double)fold / numberOfFolds, (double)(fold + 1) / numberOfFolds);
                return new TrainTestData(
                    condition.Select(data, place => !(from <= place && place <= to)),
                    condition.Select(data, place => from <= place && place <= to));
            }),
        ];
    }

    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
