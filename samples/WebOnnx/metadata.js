// What samseg export wrote beside the graph. ONNX Runtime Web does not give it, so the outermost layer of the file is
// read here: a protocol buffer whose field 14 is repeated, with a key (1) and a value (2) in each.
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, ModelProto.metadata_props; https://protobuf.dev/programming-guides/encoding/

const property = 14;

/**
 * Reads the classes and how photographs are prepared.
 * @param {Uint8Array} bytes The file.
 * @returns {{classes: string[], palette: string[], keepsProportions: boolean, mean: number[]}}
 */
export function readMetadata(bytes) {
  const values = new Map();
  for (const { field, content } of fields(bytes)) {
    if (field !== property) continue;
    const entry = ['', ''];
    for (const part of fields(content)) entry[part.field - 1] = new TextDecoder().decode(part.content);
    values.set(...entry);
  }
  const read = name => {
    const text = values.get(`samsegmentation.${name}`);
    if (text === undefined) throw new Error(`expected a file that samseg export wrote, found no samsegmentation.${name} in it`);
    return text;
  };
  if (read('form') !== 'Complete') throw new Error(`expected the form Complete, found ${read('form')}`);
  const { mode, mean } = JSON.parse(read('preprocessing'));
  return { classes: JSON.parse(read('classes')), palette: JSON.parse(read('palette')), keepsProportions: mode === 'Sam', mean: mean.map(Math.round) };
}

function* fields(bytes) {
  const damaged = () => new Error('expected an ONNX file, found something else, or the file is cut off');
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; scale < 2 ** 56; scale *= 128) {
      if (at >= bytes.length) throw damaged();
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw damaged();
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : wire === 0 ? 0 : -1;
    if (wire === 0) varint();
    if (length < 0 || field === 0 || at + length > bytes.length) throw damaged();
    yield { field, content: bytes.subarray(at, at + length) };
    at += length;
  }
}
