using System.Numerics;

namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>
/// Python's pickle machine cut down to data. It knows a closed list of instructions (<see cref="PickleOpcode"/>) and of
/// names (<see cref="PickleGlobal"/>), calls nothing, and refuses everything else.
/// </summary>
/// <remarks>
/// Its values: null (None), bool, long, BigInteger, double, string, byte[], object?[] (tuple), List (list),
/// <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>, <see cref="PickleStorage"/>, <see cref="PickleTensor"/>.
/// </remarks>
internal sealed class Unpickler
{
    private readonly PickleStream _pickle;
    private readonly TorchCalls _calls;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];

    private Unpickler(PickleStream pickle)
    {
        _pickle = pickle;
        _calls = new TorchCalls(pickle);
    }

    /// <summary>Reads one pickle; the stream then stands behind it.</summary>
    public static object? Read(PickleStream pickle) => new Unpickler(pickle).Run();

    private object? Run()
    {
        var start = _pickle.Position;
        for (var count = 0; count < PickleLimits.Instructions; count++)
        {
            if (_pickle.Position - start > PickleLimits.Bytes)
                throw _pickle.Error($"the pickle is longer than {PickleLimits.Bytes} bytes.");
            var opcode = (PickleOpcode)_pickle.ReadByte();
            if (count == 0 && opcode != PickleOpcode.Proto)
                throw _pickle.Error($"the pickle begins with byte 0x{(byte)opcode:x2}, not with its protocol.");
            if (opcode == PickleOpcode.Stop)
                return _marks.Count == 0 && _stack.Count == 1 ? _stack[0] : throw _pickle.Error($"the pickle ends with {_stack.Count} values and {_marks.Count} marks.");
            Execute(opcode);
        }
        throw _pickle.Error($"the pickle has more than {PickleLimits.Instructions} instructions.");
    }

    private void Execute(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                if (_pickle.ReadByte() is var protocol and not (2 or 3 or 4))
                    throw _pickle.Error($"pickle protocol {protocol}; 2, 3 and 4 are read.");
                break;
            case PickleOpcode.Frame:
                _pickle.ReadUInt64();
                break;
            case PickleOpcode.Mark:
                _marks.Push(_stack.Count);
                break;
            case PickleOpcode.Pop:
                Pop();
                break;
            case PickleOpcode.PopMark:
                PopToMark();
                break;
            case PickleOpcode.Dup:
                Push(Top());
                break;

            case PickleOpcode.None:
                Push(null);
                break;
            case PickleOpcode.NewTrue:
                Push(true);
                break;
            case PickleOpcode.NewFalse:
                Push(false);
                break;
            case PickleOpcode.BinInt:
                Push((long)_pickle.ReadInt32());
                break;
            case PickleOpcode.BinInt1:
                Push((long)_pickle.ReadByte());
                break;
            case PickleOpcode.BinInt2:
                Push((long)_pickle.ReadUInt16());
                break;
            case PickleOpcode.Long1:
                Push(WholeNumber(_pickle.Read(_pickle.ReadByte())));
                break;
            case PickleOpcode.BinFloat:
                Push(_pickle.ReadDouble());
                break;
            case PickleOpcode.BinUnicode:
            case PickleOpcode.BinString:
                Push(_pickle.ReadText(_pickle.ReadUInt32()));
                break;
            case PickleOpcode.ShortBinUnicode:
            case PickleOpcode.ShortBinString:
                Push(_pickle.ReadText(_pickle.ReadByte()));
                break;
            case PickleOpcode.BinUnicode8:
                Push(_pickle.ReadText(_pickle.ReadUInt64()));
                break;
            case PickleOpcode.BinBytes:
                Push(_pickle.ReadCounted(_pickle.ReadUInt32()).ToArray());
                break;
            case PickleOpcode.ShortBinBytes:
                Push(_pickle.ReadCounted(_pickle.ReadByte()).ToArray());
                break;

            case PickleOpcode.EmptyTuple:
                Push(Array.Empty<object?>());
                break;
            case PickleOpcode.Tuple1:
                PushTuple(1);
                break;
            case PickleOpcode.Tuple2:
                PushTuple(2);
                break;
            case PickleOpcode.Tuple3:
                PushTuple(3);
                break;
            case PickleOpcode.Tuple:
                Push(PopToMark());
                break;
            case PickleOpcode.EmptyList:
                Push(new List<object?>());
                break;
            case PickleOpcode.Append:
                var item = Pop();
                TopAs<List<object?>>("APPEND", "list").Add(item);
                break;
            case PickleOpcode.Appends:
                var items = PopToMark();
                TopAs<List<object?>>("APPENDS", "list").AddRange(items);
                break;
            case PickleOpcode.EmptyDict:
                Push(new PickleDictionary());
                break;
            case PickleOpcode.SetItem:
                var value = Pop();
                var key = Pop();
                _calls.Add(TopAs<PickleDictionary>("SETITEM", "dict"), key, value);
                break;
            case PickleOpcode.SetItems:
                SetItems(PopToMark());
                break;

            case PickleOpcode.BinGet:
                Push(Recall(_pickle.ReadByte()));
                break;
            case PickleOpcode.LongBinGet:
                Push(Recall(_pickle.ReadUInt32()));
                break;
            case PickleOpcode.BinPut:
                _memo[_pickle.ReadByte()] = Top();
                break;
            case PickleOpcode.LongBinPut:
                _memo[_pickle.ReadUInt32()] = Top();
                break;
            case PickleOpcode.Memoize:
                _memo[(uint)_memo.Count] = Top();
                break;

            case PickleOpcode.Global:
                PushGlobal(_pickle.ReadLine(), _pickle.ReadLine());
                break;
            case PickleOpcode.StackGlobal:
                var name = Pop();
                var module = Pop();
                PushGlobal(
                    module as string ?? throw _pickle.Error("STACK_GLOBAL needs two strings."),
                    name as string ?? throw _pickle.Error("STACK_GLOBAL needs two strings."));
                break;
            case PickleOpcode.Reduce:
            case PickleOpcode.NewObj:
                var arguments = Pop() as object?[] ?? throw _pickle.Error($"{opcode} needs a tuple of arguments.");
                var global = Pop() as PickleGlobal ?? throw _pickle.Error($"{opcode} applies something that is no global.");
                Push(_calls.Apply(global, arguments));
                break;
            case PickleOpcode.Build:
                // The one state that torch.save gives is a state_dict's _metadata: version numbers of module classes.
                Pop();
                TopAs<PickleDictionary>("BUILD", "dict");
                break;
            case PickleOpcode.BinPersId:
                Push(_calls.Storage(Pop()));
                break;
            default:
                throw _pickle.Error($"pickle instruction 0x{(byte)opcode:x2} is not one that torch.save writes; it is refused.");
        }
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Pop()
    {
        var value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Top()
    {
        // Values below the newest mark belong to what the mark opened.
        var floor = _marks.Count > 0 ? _marks.Peek() : 0;
        return _stack.Count > floor ? _stack[^1] : throw _pickle.Error("the pickle takes a value from an empty stack.");
    }

    private T TopAs<T>(string opcode, string kind)
        where T : class =>
        Top() as T ?? throw _pickle.Error($"{opcode} finds a {PickleValue.KindOf(Top())} where it needs a {kind}.");

    private object?[] PopToMark()
    {
        if (!_marks.TryPop(out var mark))
            throw _pickle.Error("the pickle closes a mark that it has not set.");
        object?[] values = [.. _stack[mark..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private void PushTuple(int count)
    {
        var values = new object?[count];
        for (var index = count - 1; index >= 0; index--)
            values[index] = Pop();
        Push(values);
    }

    private void SetItems(object?[] items)
    {
        if (items.Length % 2 != 0)
            throw _pickle.Error("SETITEMS has a key without a value.");
        var dictionary = TopAs<PickleDictionary>("SETITEMS", "dict");
        for (var index = 0; index < items.Length; index += 2)
            _calls.Add(dictionary, items[index], items[index + 1]);
    }

    private object? Recall(uint index) =>
        _memo.TryGetValue(index, out var value) ? value : throw _pickle.Error($"the pickle recalls memo {index}, which it has not set.");

    private void PushGlobal(string module, string name) =>
        Push(PickleGlobal.Find(module, name)
            ?? throw _pickle.Error($"it names the Python global '{module}.{name}', which is not on the list of what a checkpoint may hold; nothing was executed."));

    private static object WholeNumber(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(bytes);
        // Without the cast, the two would meet in their common type, and every number would stay a BigInteger.
        return number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
    }
}
