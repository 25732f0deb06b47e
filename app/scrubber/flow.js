// The decoded flow: from what the server packed to labels, confidence and probabilities at any depth.
//
// The logits are polynomials in time, a few samples each (segnode/flow.py), at a quarter of the picture's rows and
// columns. Between the samples of space they are bilinear, as in the network. Where all four corners of a cell agree on
// the winner, so does everything between them (each value there is a mean of the corners): only the other cells are
// computed pixel by pixel.

const SHARES = 1024; // entries of the table of exponentials
const LOWEST = 12; // logits below the winner that no longer count: e^-12

async function inflated(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

// Samples as whole numbers of `scale`: second differences over time, zigzag coded, low bytes before high bytes.
function unpacked(bytes, samples) {
  const count = bytes.length / 2, plane = count / samples;
  const values = new Int16Array(count);
  for (let i = 0; i < count; i++) {
    const coded = bytes[i] | (bytes[i + count] << 8);
    const change = (coded >>> 1) ^ -(coded & 1);
    const one = i >= plane ? values[i - plane] : 0, two = i >= 2 * plane ? values[i - 2 * plane] : 0;
    values[i] = change + 2 * one - two;
  }
  return values;
}

class Flow {
  // values: Int16Array, samples x classes x rows x columns. scale: logits a unit. width, height: pixels of the picture.
  constructor(values, { samples, degree, classes, rows, columns, scale, until, width, height }) {
    Object.assign(this, { values, samples, degree, classes, rows, columns, scale, until, width, height });
    const cells = rows * columns;
    this.logits = new Float32Array(classes * cells); // in units of scale
    this.winner = new Uint8Array(cells);
    this.best = new Float32Array(cells);
    this.labels = new Uint8Array(width * height);
    this.confidence = new Uint8Array(width * height);
    this.shares = Float32Array.from({ length: SHARES + 1 }, (_, i) => (i < SHARES ? Math.exp((-LOWEST * i) / SHARES) : 0));
    this.time = null;
    this.confident = null;
  }

  // Weights of the samples for a depth: those of the polynomial of its group.
  weights(time) {
    const last = this.samples - 1, place = (Math.min(Math.max(time, 0), this.until) / this.until) * last;
    const first = Math.min(Math.floor(place / this.degree) * this.degree, last - this.degree);
    const weights = [];
    for (let node = 0; node <= this.degree; node++) {
      let weight = 1;
      for (let other = 0; other <= this.degree; other++)
        if (other !== node) weight *= (place - first - other) / (node - other);
      weights.push([first + node, weight]);
    }
    return weights.filter(([, weight]) => weight !== 0);
  }

  // Bring logits, their winners and the labels of all pixels to a depth.
  go(time) {
    if (this.time === time) return;
    this.time = time;
    this.confident = null;
    const { logits, values, winner, best, classes } = this, cells = winner.length, size = logits.length;
    logits.fill(0);
    for (const [sample, weight] of this.weights(time)) {
      const start = sample * size;
      for (let i = 0; i < size; i++) logits[i] += weight * values[start + i];
    }
    best.set(logits.subarray(0, cells));
    winner.fill(0);
    for (let id = 1; id < classes; id++) {
      const start = id * cells;
      for (let cell = 0; cell < cells; cell++) {
        const value = logits[start + cell];
        if (value > best[cell]) {
          best[cell] = value;
          winner[cell] = id;
        }
      }
    }
    this.#label();
  }

  // A cell lies between four samples: pixels 4 i + 2 to 4 i + 5 between rows i and i + 1; the border repeats its samples.
  #label() {
    const { rows, columns, width, height, winner, labels } = this;
    for (let i = -1; i < rows; i++) {
      const up = Math.max(i, 0) * columns, down = Math.min(i + 1, rows - 1) * columns;
      const top = Math.max(4 * i + 2, 0), end = Math.min(4 * i + 6, height);
      for (let j = -1; j < columns; j++) {
        const left = Math.max(j, 0), right = Math.min(j + 1, columns - 1);
        const side = Math.max(4 * j + 2, 0), stop = Math.min(4 * j + 6, width);
        const id = winner[up + left];
        if (id === winner[up + right] && id === winner[down + left] && id === winner[down + right])
          for (let y = top, row = top * width; y < end; y++, row += width) labels.fill(id, row + side, row + stop);
        else this.#contest(up + left, up + right, down + left, down + right, i, j, top, end, side, stop);
      }
    }
  }

  // The labels of a cell whose corners disagree.
  #contest(a, b, c, d, i, j, top, end, side, stop) {
    const { logits, labels, classes, width } = this, cells = this.winner.length;
    for (let y = top; y < end; y++) {
      const v = (y - 4 * i - 1.5) / 4;
      for (let x = side; x < stop; x++) {
        const u = (x - 4 * j - 1.5) / 4;
        const wa = (1 - v) * (1 - u), wb = (1 - v) * u, wc = v * (1 - u), wd = v * u;
        let most = -Infinity, id = 0;
        for (let k = 0, at = 0; k < classes; k++, at += cells) {
          const value = wa * logits[at + a] + wb * logits[at + b] + wc * logits[at + c] + wd * logits[at + d];
          if (value > most) {
            most = value;
            id = k;
          }
        }
        labels[y * width + x] = id;
      }
    }
  }

  // The winner's probability of each pixel, 0 to 255, at the present depth.
  confidences() {
    if (this.confident === this.time) return this.confidence;
    this.confident = this.time;
    const { rows, columns, width, height, logits, classes, shares, confidence, labels } = this;
    const cells = rows * columns, unit = (this.scale * SHARES) / LOWEST;
    const row = new Float32Array(classes * columns); // logits of one row of pixels, still at a quarter of the columns
    for (let y = 0; y < height; y++) {
      const place = (y + 0.5) / 4 - 0.5, i = Math.floor(place), v = place - i;
      const up = Math.max(i, 0) * columns, down = Math.min(i + 1, rows - 1) * columns;
      for (let k = 0; k < classes; k++)
        for (let j = 0; j < columns; j++)
          row[k * columns + j] = (1 - v) * logits[k * cells + up + j] + v * logits[k * cells + down + j];
      for (let x = 0; x < width; x++) {
        const across = (x + 0.5) / 4 - 0.5, j = Math.floor(across), u = across - j;
        const left = Math.max(j, 0), right = Math.min(j + 1, columns - 1), id = labels[y * width + x] * columns;
        const most = (1 - u) * row[id + left] + u * row[id + right];
        let sum = 0;
        for (let at = 0; at < row.length; at += columns) {
          const below = (most - (1 - u) * row[at + left] - u * row[at + right]) * unit;
          sum += shares[below < SHARES ? (below > 0 ? below | 0 : 0) : SHARES];
        }
        confidence[y * width + x] = 255 / sum;
      }
    }
    return confidence;
  }

  // Probabilities of all classes at one pixel and depth.
  probabilities(x, y, time) {
    const { rows, columns, values, classes, scale } = this, cells = rows * columns, size = classes * cells;
    const across = (x + 0.5) / 4 - 0.5, along = (y + 0.5) / 4 - 0.5, j = Math.floor(across), i = Math.floor(along);
    const u = across - j, v = along - i;
    const up = Math.max(i, 0) * columns, down = Math.min(i + 1, rows - 1) * columns;
    const left = Math.max(j, 0), right = Math.min(j + 1, columns - 1);
    const found = new Float64Array(classes);
    for (const [sample, weight] of this.weights(time))
      for (let k = 0; k < classes; k++) {
        const at = sample * size + k * cells;
        found[k] += weight * scale * ((1 - v) * ((1 - u) * values[at + up + left] + u * values[at + up + right])
          + v * ((1 - u) * values[at + down + left] + u * values[at + down + right]));
      }
    const most = Math.max(...found);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += found[k] = Math.exp(found[k] - most);
    return found.map((share) => share / sum);
  }
}
