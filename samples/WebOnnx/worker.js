// Runs the network beside the page, on one thread: more need headers that a static server seldom sends.
import * as ort from './ort/ort.wasm.min.mjs';
import { readMetadata } from './metadata.js';

ort.env.wasm.wasmPaths = new URL('ort/', import.meta.url).href;
ort.env.wasm.numThreads = 1;
let session;

addEventListener('message', async ({ data }) => {
  try {
    const answer = data.load ? await load(data.load) : await run(data.pixels);
    postMessage({ id: data.id, answer }, answer.ids ? [answer.ids.buffer] : []);
  } catch (reason) {
    postMessage({ id: data.id, error: reason.message });
  }
});

async function load(address) {
  const began = performance.now();
  const name = decodeURIComponent(new URL(address).pathname.split('/').at(-1));
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${name}: the server answered ${answer.status}; expected a file that samseg export wrote`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let model;
  try {
    model = readMetadata(bytes);
    session = await ort.InferenceSession.create(bytes);
  } catch (reason) {
    throw new Error(`${name}: ${reason.message}`);
  }
  const [, channels, height, width] = session.inputMetadata[0].shape;
  if (channels !== 3) throw new Error(`${name}: expected an input of 3 channels, found [${session.inputMetadata[0].shape.join(', ')}]`);
  return { name, height, width, ...model, milliseconds: performance.now() - began };
}

async function run(pixels) {
  const began = performance.now();
  const input = session.inputMetadata[0];
  const { PredictedLabel } = await session.run({ [input.name]: new ort.Tensor('float32', pixels, input.shape) });
  return { ids: PredictedLabel.data, milliseconds: performance.now() - began };
}
