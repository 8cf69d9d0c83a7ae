import { fit, ground, toTensor, toMask, shares } from './picture.js';

const byId = id => document.getElementById(id);
const [file, drop, status, error, result] = ['file', 'drop', 'status', 'error', 'result'].map(byId);
const [photo, mask, opacity, percent, classes, times] = ['photo', 'mask', 'opacity', 'percent', 'classes', 'times'].map(byId);
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

let last = 0;

async function segment(chosen) {
  const mine = ++last;
  error.hidden = true;
  result.hidden = true;
  status.textContent = `Looking at ${chosen.name} …`;
  try {
    const model = await loaded;
    const began = performance.now();
    const picture = await decode(chosen);
    const place = fit(picture.width, picture.height, model);
    const pixels = toTensor(picture, place, model);
    const prepared = performance.now();
    const answer = await ask({ pixels }, [pixels.buffer]);
    // Another photograph may have been chosen meanwhile.
    if (mine !== last) return;
    const answered = performance.now();
    show(chosen, picture, place, model, answer.ids);
    const drawn = performance.now();
    times.replaceChildren(
      row('Decode and resize', prepared - began),
      row('Network', answer.milliseconds),
      row('Draw', drawn - answered));
    status.textContent = '';
    result.hidden = false;
  } catch (reason) {
    if (mine === last) fail(`${chosen.name}: ${reason.message}`);
  } finally {
    // The same file may be chosen again.
    file.value = '';
  }
}

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
  classes.replaceChildren(...found.map(classRow));
  const names = found.filter(one => one.id !== ground).map(one => one.name);
  byId('caption').textContent = `${chosen.name}, ${picture.width} × ${picture.height} pixels: ${names.join(', ') || `nothing but ${model.classes[ground]}`}.`;
  mask.setAttribute('aria-label', byId('caption').textContent);
  applyOpacity();
}

function classRow(one) {
  const tr = document.createElement('tr');
  const swatch = document.createElement('span');
  swatch.className = 'swatch';
  swatch.style.background = one.color;
  tr.append(head(swatch, one.name), cell(`${(100 * one.share).toFixed(1)} %`));
  return tr;
}

function row(name, value) {
  const tr = document.createElement('tr');
  tr.append(head(name), cell(`${milliseconds.format(value)} ms`));
  return tr;
}

function head(...content) {
  const th = document.createElement('th');
  th.scope = 'row';
  th.append(...content);
  return th;
}

function cell(text) {
  const td = document.createElement('td');
  td.className = 'number';
  td.textContent = text;
  return td;
}

function fail(message) {
  status.textContent = '';
  result.hidden = true;
  error.textContent = message;
  error.hidden = false;
}

function applyOpacity() {
  mask.style.opacity = opacity.value / 100;
  percent.textContent = `${opacity.value} %`;
}

file.addEventListener('change', () => { if (file.files.length > 0) segment(file.files[0]); });
for (const name of ['dragenter', 'dragover']) {
  drop.addEventListener(name, event => { event.preventDefault(); drop.classList.add('over'); });
}
drop.addEventListener('dragleave', () => drop.classList.remove('over'));
drop.addEventListener('drop', event => {
  event.preventDefault();
  drop.classList.remove('over');
  if (event.dataTransfer.files.length > 0) segment(event.dataTransfer.files[0]);
});
opacity.addEventListener('input', applyOpacity);
