/** The class that stays uncoloured. */
export const ground = 0;

/**
 * Where a photograph of any size lies in the graph's input: as large as it fits, at the top left.
 * @returns {{width: number, height: number}}
 */
export function fit(width, height, model) {
  if (!model.keepsProportions) return { width: model.width, height: model.height };
  const scale = Math.min(model.width / width, model.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The graph's input: [1, 3, height, width], red, green, blue in 0..255. What the photograph leaves free has the mean
 * colour, which is zero to the network.
 */
export function toTensor(picture, place, model) {
  const context = new OffscreenCanvas(model.width, model.height).getContext('2d', { willReadFrequently: true });
  context.fillStyle = `rgb(${model.mean.join(' ')})`;
  context.fillRect(0, 0, model.width, model.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, place.width, place.height);
  const { data } = context.getImageData(0, 0, model.width, model.height);
  const area = model.width * model.height;
  const pixels = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) pixels[channel * area + i] = data[4 * i + channel];
  }
  return pixels;
}

/** The classes' colours over the photograph's part; the background is transparent. */
export function toMask(ids, place, model) {
  const mask = new ImageData(place.width, place.height);
  const colors = model.palette.map(text => [1, 3, 5].map(start => parseInt(text.slice(start, start + 2), 16)));
  each(ids, place, model, (id, i) => {
    if (id !== ground) mask.data.set([...colors[id], 255], 4 * i);
  });
  return mask;
}

/** The classes that occur, the largest first. */
export function shares(ids, place, model) {
  const counts = new Map();
  each(ids, place, model, id => counts.set(id, (counts.get(id) ?? 0) + 1));
  return [...counts]
    .sort((one, other) => other[1] - one[1])
    .map(([id, count]) => ({ id, name: model.classes[id], color: model.palette[id], share: count / (place.width * place.height) }));
}

function each(ids, place, model, action) {
  for (let y = 0, i = 0; y < place.height; y++) {
    for (let x = 0; x < place.width; x++, i++) action(ids[y * model.width + x], i);
  }
}
