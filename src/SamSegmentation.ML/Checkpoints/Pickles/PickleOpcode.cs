namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>
/// The instructions of Python's pickle machine, protocols 2 to 4, that occur in what torch.save writes
/// (docs.python.org/3/library/pickletools.html). Those that could build an arbitrary object are left out on purpose.
/// </summary>
internal enum PickleOpcode : byte
{
    Proto = 0x80,
    Frame = 0x95,
    Stop = (byte)'.',
    Mark = (byte)'(',
    Pop = (byte)'0',
    PopMark = (byte)'1',
    Dup = (byte)'2',

    None = (byte)'N',
    NewTrue = 0x88,
    NewFalse = 0x89,
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    BinInt2 = (byte)'M',
    Long1 = 0x8a,
    BinFloat = (byte)'G',
    BinUnicode = (byte)'X',
    ShortBinUnicode = 0x8c,
    BinUnicode8 = 0x8d,
    BinString = (byte)'T',
    ShortBinString = (byte)'U',
    BinBytes = (byte)'B',
    ShortBinBytes = (byte)'C',

    EmptyTuple = (byte)')',
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    Tuple = (byte)'t',
    EmptyList = (byte)']',
    Append = (byte)'a',
    Appends = (byte)'e',
    EmptyDict = (byte)'}',
    SetItem = (byte)'s',
    SetItems = (byte)'u',

    BinGet = (byte)'h',
    LongBinGet = (byte)'j',
    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    Memoize = 0x94,

    Global = (byte)'c',
    StackGlobal = 0x93,
    Reduce = (byte)'R',
    NewObj = 0x81,
    Build = (byte)'b',
    BinPersId = (byte)'Q',
}
