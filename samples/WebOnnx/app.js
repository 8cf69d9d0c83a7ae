import { byId, describe, fail, onPhotograph, row, share } from './page.js';
import { fit, ground, toTensor, toMask, shares } from './picture.js';

const [photo, mask, classes, times] = ['photo', 'mask', 'classes', 'times'].map(byId);
const milliseconds = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

// The network runs beside the page, which stays usable meanwhile.
const worker = new Worker('worker.js', { type: 'module' });
const waiting = new Map();
let asked = 0;
worker.addEventListener('message', ({ data }) => {
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  if (data.error) reject(new Error(data.error)); else resolve(data.answer);
});
worker.addEventListener('error', event => {
  for (const { reject } of waiting.values()) reject(new Error(event.message || 'the worker could not be started'));
  waiting.clear();
});

function ask(question, transfer = []) {
  const id = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, ...question }, transfer);
  });
}

const loaded = ask({ load: new URL(new URLSearchParams(location.search).get('model') ?? 'model.onnx', location.href).href });
loaded.then(
  model => { byId('model').textContent = `${model.name}: ${model.classes.length} classes (${model.classes.join(', ')}); loaded in ${milliseconds.format(model.milliseconds)} ms`; },
  reason => {
    byId('model').textContent = 'There is no model.';
    fail(reason.message);
  });

onPhotograph(async chosen => {
  const model = await loaded;
  const began = performance.now();
  const picture = await decode(chosen);
  const place = fit(picture.width, picture.height, model);
  const pixels = toTensor(picture, place, model);
  const prepared = performance.now();
  const answer = await ask({ pixels }, [pixels.buffer]);
  return () => {
    const answered = performance.now();
    show(chosen, picture, place, model, answer.ids);
    times.replaceChildren(...[
      ['Decode and resize', prepared - began],
      ['Network', answer.milliseconds],
      ['Draw', performance.now() - answered],
    ].map(([name, value]) => row(name, [`${milliseconds.format(value)} ms`])));
  };
});

async function decode(chosen) {
  if (chosen.size === 0) throw new Error('the file is empty; expected a picture');
  try {
    return await createImageBitmap(chosen);
  } catch {
    throw new Error('this browser cannot read it as a picture; expected JPEG or PNG');
  }
}

function show(chosen, picture, place, model, ids) {
  [photo.width, photo.height] = [picture.width, picture.height];
  photo.getContext('2d').drawImage(picture, 0, 0);
  [mask.width, mask.height] = [place.width, place.height];
  mask.getContext('2d').putImageData(toMask(ids, place, model), 0, 0);
  const found = shares(ids, place, model);
  classes.replaceChildren(...found.map(one => row(one.name, [share(one.share)], one.color)));
  describe(chosen.name, picture.width, picture.height, found.filter(one => one.id !== ground).map(one => one.name), model.classes[ground]);
}
