using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Rows in random order: as many as the pool holds are read ahead, and one of them changes places with the first and is
/// handed out. Every cursor has the order of the seed, which is the real library's. Columns that cannot be copied are
/// gone. The real one reads its source in another thread, so the source's errors arrive wrapped.
/// </summary>
internal sealed class ShuffleView : IDataView
{
    private readonly IDataView _source;
    private readonly int _poolSize;
    private readonly bool _shuffleSource;
    private readonly int _seed;

    public ShuffleView(IHostEnvironment env, IDataView source, int? seed, int poolSize, bool shuffleSource)
    {
        _source = SelectedColumnsView.OfCopyable(source);
        var host = env.Register("Shuffle");
        _seed = seed ?? ((HybridRandom)host.Rand).NextSigned();
        _poolSize = poolSize;
        _shuffleSource = shuffleSource;
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = RowGetters.Active(columnsNeeded, Schema);
        rand ??= new HybridRandom((uint)_seed);
        var input = _source.GetRowCursor(Schema.Where(column => active[column.Index]), _shuffleSource ? new HybridRandom(rand) : null);
        return _poolSize == 1 ? input : new Cursor(input, active, _poolSize, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : StoreCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _random;
        private readonly int _poolSize;
        private readonly List<int> _waiting = [];
        private readonly List<Action<int>> _writers = [];
        private readonly List<DataViewRowId> _ids = [];
        private int _current = -1;
        private bool _exhausted;

        public Cursor(DataViewRowCursor input, bool[] active, int poolSize, Random random)
            : this(input, active, poolSize, random, [.. input.Schema.Select(column => active[column.Index] ? ColumnStore.Create(column.Type) : null)])
        {
        }

        private Cursor(DataViewRowCursor input, bool[] active, int poolSize, Random random, ColumnStore[] stores)
            : base(stores, input.Schema, active)
        {
            _input = input;
            _poolSize = poolSize;
            _random = random;
            foreach (var column in input.Schema)
            {
                if (stores[column.Index] is { } store)
                    _writers.Add(store.Writer(input, column));
            }

            var id = input.GetIdGetter();
            _writers.Add(slot =>
            {
                if (slot == _ids.Count)
                    _ids.Add(default);
                var value = default(DataViewRowId);
                id(ref value);
                _ids[slot] = value;
            });
        }

        protected override int Slot => _current;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckGood();
            id = _ids[_current];
        };

        protected override bool Advance()
        {
            var free = _current;
            while (!_exhausted && _waiting.Count < _poolSize)
            {
                var slot = free >= 0 ? free : _waiting.Count;
                free = -1;
                if (TryRead(slot))
                    _waiting.Add(slot);
                else
                    _exhausted = true;
            }

            if (_waiting.Count == 0)
                return false;
            var chosen = _random.Next(_waiting.Count);
            _current = _waiting[chosen];
            _waiting[chosen] = _waiting[0];
            _waiting.RemoveAt(0);
            return true;
        }

        private bool TryRead(int slot)
        {
            try
            {
                if (!_input.MoveNext())
                    return false;
                foreach (var write in _writers)
                    write(slot);
                return true;
            }
            catch (Exception error)
            {
                throw Contracts.Except(null, error, "Shuffle input cursor reader failed with an exception");
            }
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _input.Dispose();
        }
    }
}
