'use strict';

const byId = id => document.getElementById(id);
const [file, drop, status, error, result] = ['file', 'drop', 'status', 'error', 'result'].map(byId);
const [photo, mask, opacity, percent, rows, download] = ['photo', 'mask', 'opacity', 'percent', 'classes', 'download'].map(byId);
const number = new Intl.NumberFormat('en');
let last = 0;

fetch('api/model')
  .then(answer => answer.json())
  .then(model => { byId('model').textContent = `${model.file}: ${model.classes.length} classes (${model.classes.join(', ')})`; })
  .catch(() => fail('The server does not answer.'));

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

async function segment(chosen) {
  const mine = ++last;
  error.hidden = true;
  result.hidden = true;
  status.textContent = `Looking at ${chosen.name} …`;
  try {
    const answer = await fetch('api/segment', { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: chosen });
    const body = await answer.json();
    // Another photograph may have been chosen meanwhile.
    if (mine !== last) return;
    if (!answer.ok) throw new Error(body.detail ?? body.title);
    await show(chosen, body);
    status.textContent = '';
  } catch (reason) {
    if (mine === last) fail(`${chosen.name}: ${reason.message}`);
  } finally {
    // The same file may be chosen again.
    file.value = '';
  }
}

function fail(message) {
  status.textContent = '';
  result.hidden = true;
  error.textContent = message;
  error.hidden = false;
}

async function show(chosen, segmented) {
  URL.revokeObjectURL(photo.src);
  photo.src = URL.createObjectURL(chosen);
  await photo.decode();
  const png = `data:image/png;base64,${segmented.mask}`;
  download.href = png;
  download.download = `${chosen.name.replace(/\.[^.]*$/, '')}-mask.png`;
  await drawMask(png, segmented);
  rows.replaceChildren(...segmented.classes.map(row));
  const most = segmented.classes.filter(one => one.id !== 0).map(one => one.name);
  byId('caption').textContent = `${chosen.name}, ${segmented.width} × ${segmented.height} pixels: ${most.join(', ') || 'nothing but background'}.`;
  mask.setAttribute('aria-label', byId('caption').textContent);
  applyOpacity();
  result.hidden = false;
}

// Background stays the photograph; every other pixel has its class's colour.
async function drawMask(png, segmented) {
  const picture = new Image();
  picture.src = png;
  await picture.decode();
  [mask.width, mask.height] = [segmented.width, segmented.height];
  const context = mask.getContext('2d');
  context.drawImage(picture, 0, 0);
  const pixels = context.getImageData(0, 0, mask.width, mask.height);
  const [r, g, b] = segmented.background;
  for (let i = 0; i < pixels.data.length; i += 4) {
    if (pixels.data[i] === r && pixels.data[i + 1] === g && pixels.data[i + 2] === b) pixels.data[i + 3] = 0;
  }
  context.putImageData(pixels, 0, 0);
}

function row(one) {
  const tr = document.createElement('tr');
  const name = document.createElement('th');
  name.scope = 'row';
  const swatch = document.createElement('span');
  swatch.className = 'swatch';
  swatch.style.background = `rgb(${one.color.join(' ')})`;
  name.append(swatch, one.name);
  tr.append(name, cell(number.format(one.pixels)), cell(`${(100 * one.share).toFixed(1)} %`));
  return tr;
}

function cell(text) {
  const td = document.createElement('td');
  td.className = 'number';
  td.textContent = text;
  return td;
}

function applyOpacity() {
  mask.style.opacity = opacity.value / 100;
  percent.textContent = `${opacity.value} %`;
}
