// A solve at any depth: from what the server packed to labels, confidence and probabilities.
//
// The logits are polynomials in time, a few samples each (segnode/flow.py), at a quarter of the picture's rows and
// columns. Between the samples of space they are bilinear, as in the network. Where all four corners of a cell agree on
// the winner, so does everything between them (each value there is a mean of the corners): only the other cells are
// computed pixel by pixel.
//
// All of it is computed again for each frame of a drag. The loops therefore use views of arrays that are made once: an
// offset added to an index makes a loop several times as slow.

const EXPONENTIALS = 1024; // entries of the table of exponentials
const LOWEST = 12; // logits below the winner that no longer count: e^-12
const NEAR = 32; // of 255: between corners this near in confidence it is taken to be linear
const ODDS = 2048; // entries of the table of probabilities
const BUMP = [7 / 16, 15 / 16, 15 / 16, 7 / 16]; // of each pixel in a row of a cell: 4 u (1 - u)

// Samples as whole numbers of `scale`: second differences over time, zigzag coded, low bytes before high bytes.
export function unpack(bytes, samples) {
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

// e^-x for x from 0 to LOWEST.
const EXPONENTIAL = Float32Array.from({ length: EXPONENTIALS }, (_, i) => Math.exp((-LOWEST * i) / EXPONENTIALS));
// The probability, 0 to 255, of log odds from -LOWEST to LOWEST.
const SURE = Float32Array.from({ length: ODDS }, (_, i) => 255 / (1 + Math.exp(LOWEST - (2 * LOWEST * i) / ODDS)));

// The log odds of a part of a whole, as a place in SURE.
function oddsOf(part, whole) {
  const place = ((LOWEST + Math.log(part / (whole - part))) * ODDS) / (2 * LOWEST);
  return place > 0 ? Math.min(place, ODDS - 1) : 0;
}

function split(array, count) {
  const size = array.length / count;
  return Array.from({ length: count }, (_, i) => array.subarray(i * size, (i + 1) * size));
}

export class Flow {
  values; // Int16Array, samples x classes x rows x columns, in units of scale
  samples;
  degree; // of the polynomials in time
  classes;
  rows;
  columns;
  scale; // logits a unit
  until; // the last depth
  width; // pixels of the picture
  height;
  time = null; // the present depth
  labels; // of each pixel, at the present depth
  #sampled; // a view of `values` for each sample in time
  #logits; // at the present depth, in units of scale
  #planes; // a view of `logits` for each class
  #winner; // of each sample in space: the class with the highest logit,
  #best; // its logit,
  #sure; // its probability, 0 to 255,
  #total; // and the sum of exponentials below it
  #confidence; // of each pixel, 0 to 255, at the depth #confidenceTime
  #confidenceTime = null;
  #unit; // entries of EXPONENTIAL a unit of scale
  #corners; // of each cell, as #cornersOfCells lists them
  #value = new Float32Array(16); // of the pixels of one cell: the values of a plane,
  #most = new Float32Array(16); // the highest logit, or the highest log odds,
  #id = new Float32Array(16); // and its class

  constructor(values, { samples, degree, classes, rows, columns, scale, until, width, height }) {
    Object.assign(this, { values, samples, degree, classes, rows, columns, scale, until, width, height });
    this.#sampled = split(values, samples);
    this.#logits = new Float32Array(classes * rows * columns);
    this.#planes = split(this.#logits, classes);
    this.#winner = new Uint8Array(rows * columns);
    this.#best = new Float32Array(rows * columns);
    this.#sure = new Float32Array(rows * columns);
    this.#total = new Float32Array(rows * columns);
    this.labels = new Uint8Array(width * height);
    this.#confidence = new Uint8Array(width * height);
    this.#unit = (scale * EXPONENTIALS) / LOWEST;
    this.#corners = this.#cornersOfCells();
  }

  // A cell lies between four samples, two above and two below: pixels 4 i + 2 to 4 i + 5 between rows i and i + 1. At
  // the border samples repeat, and some of its pixels are outside. For each cell the places of its samples and its
  // first pixel.
  #cornersOfCells() {
    const { rows, columns } = this, corners = [];
    for (let i = -1; i < rows; i++)
      for (let j = -1; j < columns; j++) {
        const up = Math.max(i, 0) * columns, down = Math.min(i + 1, rows - 1) * columns;
        const left = Math.max(j, 0), right = Math.min(j + 1, columns - 1);
        corners.push(up + left, up + right, down + left, down + right, 4 * i + 2, 4 * j + 2);
      }
    return Int32Array.from(corners);
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

  // Compute the logits, their winners and the labels of all pixels at a depth.
  setTime(time) {
    if (this.time === time) return;
    this.time = time;
    this.#confidenceTime = null;
    const logits = this.#logits, planes = this.#planes, winner = this.#winner, best = this.#best;
    const sums = this.weights(time).map(([sample, weight]) => [this.#sampled[sample], weight]);
    while (sums.length < 4) sums.push([this.#sampled[0], 0]); // a cubic has four
    const [[a, p], [b, q], [c, r], [d, s]] = sums;
    for (let i = 0; i < logits.length; i++) logits[i] = p * a[i] + q * b[i] + r * c[i] + s * d[i];
    best.set(planes[0]);
    winner.fill(0);
    planes.forEach((plane, id) => {
      for (let cell = 0; cell < plane.length; cell++)
        if (plane[cell] > best[cell]) {
          best[cell] = plane[cell];
          winner[cell] = id;
        }
    });
    this.#label();
  }

  // Whole rows first, each sample's winner to its right and below; then the cells whose corners disagree.
  #label() {
    const { rows, columns, width, height, labels } = this, winner = this.#winner, corners = this.#corners;
    for (let i = -1; i < rows; i++) {
      const samples = winner.subarray(Math.max(i, 0) * columns), top = Math.max(4 * i + 2, 0), row = top * width;
      for (let j = 0, from = 0; j < columns; j++)
        if (j === columns - 1 || samples[j] !== samples[j + 1]) {
          const to = j === columns - 1 ? width : Math.min(4 * j + 6, width);
          labels.fill(samples[j], row + from, row + to);
          from = to;
        }
      for (let y = top + 1; y < Math.min(4 * i + 6, height); y++) labels.copyWithin(y * width, row, row + width);
    }
    for (let at = 0; at < corners.length; at += 6) {
      if (this.#agree(at)) continue;
      this.#findWinners(at);
      this.#write(this.#id, labels, at);
    }
  }

  // Whether the four corners of a cell have the same winner.
  #agree(at) {
    const winner = this.#winner, corners = this.#corners, id = winner[corners[at]];
    return id === winner[corners[at + 1]] && id === winner[corners[at + 2]] && id === winner[corners[at + 3]];
  }

  // A plane's values at a cell's pixels.
  #between(plane, at) {
    const corners = this.#corners, value = this.#value, a = plane[corners[at]], b = plane[corners[at + 1]];
    const c = plane[corners[at + 2]], d = plane[corners[at + 3]];
    for (let y = 0, p = 0; y < 4; y++) {
      const v = (y + 0.5) / 4, first = a + v * (c - a), step = (b + v * (d - b) - first) / 4;
      for (let x = 0; x < 4; x++) value[p++] = first + (x + 0.5) * step;
    }
  }

  // The winners of a cell's pixels, and their logits. A class that at all corners is below what another nowhere falls
  // under wins none.
  #findWinners(at) {
    const planes = this.#planes, winner = this.#winner, corners = this.#corners;
    const value = this.#value, most = this.#most, id = this.#id;
    const a = corners[at], b = corners[at + 1], c = corners[at + 2], d = corners[at + 3];
    let floor = -Infinity;
    for (let corner = at; corner < at + 4; corner++) {
      const plane = planes[winner[corners[corner]]];
      floor = Math.max(floor, Math.min(plane[a], plane[b], plane[c], plane[d]));
    }
    most.fill(-Infinity);
    for (let k = 0; k < planes.length; k++) {
      const plane = planes[k];
      if (plane[a] < floor && plane[b] < floor && plane[c] < floor && plane[d] < floor) continue;
      this.#between(plane, at);
      for (let p = 0; p < 16; p++)
        if (value[p] > most[p]) {
          most[p] = value[p];
          id[p] = k;
        }
    }
  }

  // The values of a cell's pixels into the picture, but for those outside.
  #write(values, into, at) {
    const { width, height } = this, corners = this.#corners, top = corners[at + 4], side = corners[at + 5];
    if (top >= 0 && side >= 0 && top + 4 <= height && side + 4 <= width) {
      for (let y = 0, p = 0, i = top * width + side; y < 4; y++, i += width) {
        into[i] = values[p++];
        into[i + 1] = values[p++];
        into[i + 2] = values[p++];
        into[i + 3] = values[p++];
      }
      return;
    }
    const end = Math.min(top + 4, height), stop = Math.min(side + 4, width);
    for (let y = Math.max(top, 0); y < end; y++)
      for (let x = Math.max(side, 0); x < stop; x++) into[y * width + x] = values[4 * (y - top) + x - side];
  }

  // The winner's probability of each pixel, 0 to 255, at the present depth. Where a cell's corners are about as sure, it
  // is taken to be bilinear between them; elsewhere the log odds are, with a bump so that they are right in the middle.
  // Of a street, 1 pixel in 30 is more than 2 % off.
  confidences() {
    if (this.#confidenceTime === this.time) return this.#confidence;
    this.#confidenceTime = this.time;
    this.#countSamples();
    const corners = this.#corners, sure = this.#sure, value = this.#value, most = this.#most;
    for (let at = 0; at < corners.length; at += 6) {
      const a = sure[corners[at]], b = sure[corners[at + 1]], c = sure[corners[at + 2]], d = sure[corners[at + 3]];
      if (this.#agree(at) && Math.max(a, b, c, d) - Math.min(a, b, c, d) < NEAR) this.#between(sure, at);
      else {
        this.#findOdds(at);
        for (let p = 0; p < 16; p++) value[p] = SURE[most[p] | 0];
      }
      this.#write(value, this.#confidence, at);
    }
    return this.#confidence;
  }

  // Of each sample the sum of exponentials and the winner's probability.
  #countSamples() {
    const best = this.#best, sure = this.#sure, total = this.#total, unit = this.#unit;
    total.fill(0);
    for (const plane of this.#planes)
      for (let cell = 0; cell < plane.length; cell++) {
        const below = (best[cell] - plane[cell]) * unit;
        if (below < EXPONENTIALS) total[cell] += EXPONENTIAL[below | 0];
      }
    for (let cell = 0; cell < sure.length; cell++) sure[cell] = 255 / total[cell];
  }

  // The highest log odds of a cell's pixels, of the classes that win at its corners, as places in SURE.
  #findOdds(at) {
    const planes = this.#planes, winner = this.#winner, corners = this.#corners, most = this.#most;
    const middle = this.#middleTotal(at), reach = this.#sum(this.#best, at);
    most.fill(0);
    for (let corner = at; corner < at + 4; corner++) {
      const id = winner[corners[corner]];
      let first = at;
      while (winner[corners[first]] !== id) first++;
      if (first === corner) this.#raise(planes[id], at, this.#exponential((reach - this.#sum(planes[id], at)) / 4), middle);
    }
  }

  // Raise the log odds to those of one class where these are higher. share: of `middle` in the middle of the cell.
  #raise(plane, at, share, middle) {
    const corners = this.#corners, most = this.#most;
    const a = this.#oddsAt(plane, corners[at]), b = this.#oddsAt(plane, corners[at + 1]);
    const c = this.#oddsAt(plane, corners[at + 2]), d = this.#oddsAt(plane, corners[at + 3]);
    const bump = oddsOf(share, middle) - (a + b + c + d) / 4;
    for (let y = 0, p = 0; y < 4; y++) {
      const v = (y + 0.5) / 4, first = a + v * (c - a), step = (b + v * (d - b) - first) / 4, up = bump * BUMP[y];
      for (let x = 0; x < 4; x++, p++) {
        const odds = first + (x + 0.5) * step + up * BUMP[x];
        if (odds > most[p]) most[p] = odds;
      }
    }
  }

  #oddsAt(plane, cell) {
    return oddsOf(this.#exponential(this.#best[cell] - plane[cell]), this.#total[cell]);
  }

  // The sum of exponentials in the middle of a cell, below the mean of its corners' winners.
  #middleTotal(at) {
    const planes = this.#planes, corners = this.#corners, reach = this.#sum(this.#best, at), unit = this.#unit / 4;
    const a = corners[at], b = corners[at + 1], c = corners[at + 2], d = corners[at + 3];
    let total = 0;
    for (let k = 0; k < planes.length; k++) {
      const plane = planes[k], below = (reach - plane[a] - plane[b] - plane[c] - plane[d]) * unit;
      if (below < EXPONENTIALS) total += EXPONENTIAL[below | 0];
    }
    return total;
  }

  #sum(plane, at) {
    const corners = this.#corners;
    return plane[corners[at]] + plane[corners[at + 1]] + plane[corners[at + 2]] + plane[corners[at + 3]];
  }

  // e^-below, of logits in units of scale.
  #exponential(below) {
    const place = below * this.#unit;
    return place < EXPONENTIALS ? EXPONENTIAL[place | 0] : 0;
  }

  // Probabilities of all classes at one pixel and depth.
  probabilities(x, y, time) {
    const { rows, columns, values, classes, scale } = this, cells = rows * columns, size = classes * cells;
    const across = (x + 0.5) / 4 - 0.5, along = (y + 0.5) / 4 - 0.5, j = Math.floor(across), i = Math.floor(along);
    const u = across - j, v = along - i;
    const up = Math.max(i, 0) * columns, down = Math.min(i + 1, rows - 1) * columns;
    const left = Math.max(j, 0), right = Math.min(j + 1, columns - 1);
    const logits = new Float64Array(classes);
    for (const [sample, weight] of this.weights(time))
      for (let k = 0; k < classes; k++) {
        const at = sample * size + k * cells;
        logits[k] += weight * scale * ((1 - v) * ((1 - u) * values[at + up + left] + u * values[at + up + right])
          + v * ((1 - u) * values[at + down + left] + u * values[at + down + right]));
      }
    const most = Math.max(...logits);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += logits[k] = Math.exp(logits[k] - most);
    return logits.map((share) => share / sum);
  }
}
