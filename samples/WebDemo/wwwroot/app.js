import { byId, describe, fail, onPhotograph, row, share } from './page.js';

const [photo, mask, rows, download] = ['photo', 'mask', 'classes', 'download'].map(byId);
const number = new Intl.NumberFormat('en');

fetch('api/model')
  .then(answer => answer.json())
  .then(model => { byId('model').textContent = `${model.file}: ${model.classes.length} classes (${model.classes.join(', ')})`; })
  .catch(() => fail('The server does not answer.'));

onPhotograph(async chosen => {
  const answer = await fetch('api/segment', { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: chosen });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? body.title);
  return () => show(chosen, body);
});

async function show(chosen, segmented) {
  URL.revokeObjectURL(photo.src);
  photo.src = URL.createObjectURL(chosen);
  await photo.decode();
  const png = `data:image/png;base64,${segmented.mask}`;
  download.href = png;
  download.download = `${chosen.name.replace(/\.[^.]*$/, '')}-mask.png`;
  await drawMask(png, segmented);
  rows.replaceChildren(...segmented.classes.map(one => row(one.name, [number.format(one.pixels), share(one.share)], `rgb(${one.color.join(' ')})`)));
  describe(chosen.name, segmented.width, segmented.height, segmented.classes.filter(one => one.id !== 0).map(one => one.name));
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
