// What the pages that segment photographs have in common: choosing one by file, drop or keyboard, messages, the mask's opacity, rows.

export const byId = id => document.getElementById(id);

const [file, drop, status, error, result] = ['file', 'drop', 'status', 'error', 'result'].map(byId);
const [mask, opacity, percent] = ['mask', 'opacity', 'percent'].map(byId);
let last = 0;

/**
 * Segments each photograph that is chosen or dropped.
 * @param {(chosen: File) => Promise<() => void | Promise<void>>} segment Gives what shows its result; what it throws is shown as the file's error.
 */
export function onPhotograph(segment) {
  file.addEventListener('change', () => { if (file.files.length > 0) run(segment, file.files[0]); });
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, event => { event.preventDefault(); drop.classList.add('over'); });
  }
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', event => {
    event.preventDefault();
    drop.classList.remove('over');
    if (event.dataTransfer.files.length > 0) run(segment, event.dataTransfer.files[0]);
  });
}

async function run(segment, chosen) {
  const mine = ++last;
  error.hidden = true;
  result.hidden = true;
  status.textContent = `Looking at ${chosen.name} …`;
  try {
    const show = await segment(chosen);
    // Another photograph may have been chosen meanwhile.
    if (mine !== last) return;
    await show();
    applyOpacity();
    status.textContent = '';
    result.hidden = false;
  } catch (reason) {
    if (mine === last) fail(`${chosen.name}: ${reason.message}`);
  } finally {
    // The same file may be chosen again.
    file.value = '';
  }
}

/** Shows an error instead of a result. */
export function fail(message) {
  status.textContent = '';
  result.hidden = true;
  error.textContent = message;
  error.hidden = false;
}

/** Says in words what the mask shows: the classes but the one that stays uncoloured, the largest first. */
export function describe(name, width, height, classes, ground = 'background') {
  byId('caption').textContent = `${name}, ${width} × ${height} pixels: ${classes.join(', ') || `nothing but ${ground}`}.`;
  mask.setAttribute('aria-label', byId('caption').textContent);
}

/** A table's row: a name, with a colour before it if there is one, and texts that stand at the right. */
export function row(name, texts, color) {
  const tr = document.createElement('tr');
  const th = document.createElement('th');
  th.scope = 'row';
  if (color) {
    const swatch = document.createElement('span');
    swatch.className = 'swatch';
    swatch.style.background = color;
    th.append(swatch);
  }
  th.append(name);
  tr.append(th, ...texts.map(cell));
  return tr;
}

/** A part of 1 as per cent. */
export const share = part => `${(100 * part).toFixed(1)} %`;

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

opacity.addEventListener('input', applyOpacity);
