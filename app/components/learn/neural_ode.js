// A small neural ODE and its training, by hand: a field 2-32-32-2 (or 3-32-32-3) with tanh, integrated by one of the
// fixed methods, read by a linear head. The gradient is that of the discrete solve, backwards through every stage.
//
// Rows of a batch are points. All loops are over flat Float64Arrays that are made once.

import { Random } from "./random.js";
import { TABLEAUS, weightsAt } from "./runge_kutta.js";

const WIDTH = 32; // of its two hidden layers
const QUIET = 0.3; // how much of the usual size the last layer's weights begin with: the field begins slow

// tanh, in a third of Math.tanh's time.
function tanh(z) {
  return 1 - 2 / (Math.exp(2 * z) + 1);
}

// out[m, n] (+)= sum over k of x[m, k] y[n, k], the entries of x and y at whatever strides: every product of training.
// Two rows by four columns at once, which reads six numbers for eight products instead of two for one.
function multiply(x, xm, xk, y, yn, yk, out, rows, columns, length, add) {
  let m = 0;
  for (; m + 1 < rows; m += 2) {
    let n = 0;
    for (; n + 3 < columns; n += 4) {
      let a = m * xm, b = a + xm, c = n * yn, d = c + yn, e = d + yn, f = e + yn;
      let p = 0, q = 0, r = 0, s = 0, t = 0, u = 0, v = 0, w = 0;
      for (let k = 0; k < length; k++) {
        const one = x[a], two = x[b], i = y[c], j = y[d], g = y[e], h = y[f];
        p += one * i;
        q += one * j;
        r += one * g;
        s += one * h;
        t += two * i;
        u += two * j;
        v += two * g;
        w += two * h;
        a += xk;
        b += xk;
        c += yk;
        d += yk;
        e += yk;
        f += yk;
      }
      const to = m * columns + n, next = to + columns;
      if (add) {
        out[to] += p;
        out[to + 1] += q;
        out[to + 2] += r;
        out[to + 3] += s;
        out[next] += t;
        out[next + 1] += u;
        out[next + 2] += v;
        out[next + 3] += w;
      } else {
        out[to] = p;
        out[to + 1] = q;
        out[to + 2] = r;
        out[to + 3] = s;
        out[next] = t;
        out[next + 1] = u;
        out[next + 2] = v;
        out[next + 3] = w;
      }
    }
    for (; n < columns; n++)
      for (let row = m; row < m + 2; row++) single(row, n);
  }
  for (; m < rows; m++) for (let n = 0; n < columns; n++) single(m, n);

  function single(row, column) {
    let sum = 0;
    for (let k = 0, a = row * xm, c = column * yn; k < length; k++, a += xk, c += yk) sum += x[a] * y[c];
    if (add) out[row * columns + column] += sum;
    else out[row * columns + column] = sum;
  }
}

// out[b] = weights x[b] + bias, for `count` rows.
function affine(x, weights, bias, out, count, inside, outside) {
  multiply(x, inside, 1, weights, inside, 1, out, count, outside, inside, false);
  for (let b = 0, at = 0; b < count; b++) for (let j = 0; j < outside; j++) out[at++] += bias[j];
}

// Back through `affine`: adds to the gradients of weights and bias, and writes that of x.
function affineBack(x, weights, grad, gradWeights, gradBias, gradX, count, inside, outside) {
  multiply(grad, 1, outside, x, 1, inside, gradWeights, outside, inside, count, true);
  multiply(grad, outside, 1, weights, 1, inside, gradX, count, inside, outside, false);
  for (let b = 0, at = 0; b < count; b++) for (let j = 0; j < outside; j++) gradBias[j] += grad[at++];
}

export class NeuralOde {
  size; // numbers in a state
  weights; // of the field and, last, of the head
  grads; // of the loss, in the same order
  #rate;
  #parts; // views into weights: w1, b1, w2, b2, w3, b3 of the field, then w and b of the head
  #gradParts;
  #mean; // Adam's averages of the gradient and of its square
  #square;
  #taken = 0; // training steps
  #room = 0; // points that the arrays below hold
  #tape = []; // of every evaluation of f, its input x, the activations a and b, and the result k
  #h;
  #gradH;
  #gradX;
  #gradK;
  #gradA;
  #gradB;
  #probabilities = new Float64Array(0);
  #one = { a: new Float64Array(WIDTH), b: new Float64Array(WIDTH) }; // activations of a single point

  // size: what is beyond the two numbers of a point starts at 0 (augmentation).
  constructor({ size = 2, seed = 1, rate = 0.005 } = {}) {
    this.size = size;
    this.#rate = rate;
    const lengths = [WIDTH * size, WIDTH, WIDTH * WIDTH, WIDTH, size * WIDTH, size, size, 1];
    const total = lengths.reduce((a, b) => a + b), array = () => new Float64Array(total);
    [this.weights, this.grads, this.#mean, this.#square] = [array(), array(), array(), array()];
    this.#parts = cut(this.weights, lengths);
    this.#gradParts = cut(this.grads, lengths);
    const random = new Random(seed), fans = [size, 0, WIDTH, 0, WIDTH, 0, size, 0];
    this.#parts.forEach((part, i) => {
      if (fans[i]) part.forEach((_, at) => (part[at] = random.normal() / Math.sqrt(fans[i])));
    });
    this.#parts[4].forEach((value, at, last) => (last[at] = QUIET * value));
  }

  // The weights w and b of the head, which reads a state h as sigmoid(w . h + b).
  get head() {
    return { w: this.#parts[6], b: this.#parts[7][0] };
  }

  #makeRoom(count, evaluations) {
    if (this.#room >= count && this.#tape.length >= evaluations) return;
    this.#room = Math.max(count, this.#room);
    const state = () => new Float64Array(this.#room * this.size), wide = () => new Float64Array(this.#room * WIDTH);
    this.#tape = Array.from({ length: evaluations }, () => ({ x: state(), a: wide(), b: wide(), k: state() }));
    [this.#h, this.#gradH, this.#gradX] = [state(), state(), state()];
    this.#gradK = Array.from({ length: 4 }, state);
    [this.#gradA, this.#gradB] = [wide(), wide()];
    if (this.#probabilities.length < count) this.#probabilities = new Float64Array(count);
  }

  // f at a point whose added numbers are 0, its first two numbers into `slope`: the streaks need it often.
  slopeAt(point, slope) {
    const [w1, b1, w2, b2, w3, b3] = this.#parts, { a, b } = this.#one, { size } = this;
    for (let j = 0; j < WIDTH; j++) a[j] = tanh(b1[j] + w1[j * size] * point[0] + w1[j * size + 1] * point[1]);
    for (let j = 0; j < WIDTH; j++) {
      let sum = b2[j];
      for (let i = 0, at = j * WIDTH; i < WIDTH; i++, at++) sum += w2[at] * a[i];
      b[j] = tanh(sum);
    }
    for (let k = 0; k < 2; k++) {
      let sum = b3[k];
      for (let i = 0, at = k * WIDTH; i < WIDTH; i++, at++) sum += w3[at] * b[i];
      slope[k] = sum;
    }
  }

  // k = f(x), keeping the activations.
  #evaluate({ x, a, b, k }, count) {
    const [w1, b1, w2, b2, w3, b3] = this.#parts, { size } = this, wide = count * WIDTH;
    affine(x, w1, b1, a, count, size, WIDTH);
    for (let i = 0; i < wide; i++) a[i] = tanh(a[i]);
    affine(a, w2, b2, b, count, WIDTH, WIDTH);
    for (let i = 0; i < wide; i++) b[i] = tanh(b[i]);
    affine(b, w3, b3, k, count, WIDTH, size);
  }

  // Back through one evaluation: the gradient of its weights is added up, that of x written to #gradX.
  #evaluateBack({ x, a, b }, gradK, count) {
    const [w1, , w2, , w3] = this.#parts, [g1, c1, g2, c2, g3, c3] = this.#gradParts;
    const gradA = this.#gradA, gradB = this.#gradB, { size } = this, wide = count * WIDTH;
    affineBack(b, w3, gradK, g3, c3, gradB, count, WIDTH, size);
    for (let i = 0; i < wide; i++) gradB[i] *= 1 - b[i] * b[i];
    affineBack(a, w2, gradB, g2, c2, gradA, count, WIDTH, WIDTH);
    for (let i = 0; i < wide; i++) gradA[i] *= 1 - a[i] * a[i];
    affineBack(x, w1, gradA, g1, c1, this.#gradX, count, size, WIDTH);
  }

  // The states, at t = 1, of points (x, y) in a row. onStep(index, h): sees the states before and after every step.
  solve(points, count, { method, steps }, onStep = null) {
    const { nodes, rows, extension } = TABLEAUS[method], sums = weightsAt(extension, 1), stages = nodes.length;
    this.#makeRoom(count, steps * stages);
    const h = this.#h, tape = this.#tape, { size } = this, length = count * size, dt = 1 / steps;
    h.fill(0);
    for (let b = 0; b < count; b++) for (let i = 0; i < 2; i++) h[b * size + i] = points[2 * b + i];
    onStep?.(0, h);
    for (let step = 0; step < steps; step++) {
      const first = step * stages;
      for (let s = 0; s < stages; s++) {
        const { x } = tape[first + s];
        for (let i = 0; i < length; i++) x[i] = h[i];
        rows[s].forEach((weight, before) => weight && addScaled(x, tape[first + before].k, dt * weight, length));
        this.#evaluate(tape[first + s], count);
      }
      sums.forEach((weight, s) => addScaled(h, tape[first + s].k, dt * weight, length));
      onStep?.(step + 1, h);
    }
    return h;
  }

  // The probability of class 1 for each of the states h.
  read(h, count, out) {
    const { w, b } = this.head, { size } = this;
    for (let row = 0; row < count; row++) {
      let z = b;
      for (let i = 0; i < size; i++) z += w[i] * h[row * size + i];
      out[row] = 1 / (1 + Math.exp(-z));
    }
    return out;
  }

  // The mean cross-entropy of points with labels 0 or 1, its gradient into `grads`, and the share that is right.
  gradient(points, labels, count, { method, steps }) {
    const { rows, extension } = TABLEAUS[method], sums = weightsAt(extension, 1), stages = rows.length;
    const h = this.solve(points, count, { method, steps }), { w } = this.head, { size } = this, length = count * size;
    const gradH = this.#gradH, gradK = this.#gradK, [gradW, gradBias] = this.#gradParts.slice(6);
    const probabilities = this.read(h, count, this.#probabilities);
    this.grads.fill(0);
    let loss = 0, right = 0;
    for (let b = 0; b < count; b++) {
      const probability = probabilities[b], grad = (probability - labels[b]) / count;
      loss -= Math.log(Math.max(labels[b] ? probability : 1 - probability, 1e-12)) / count;
      right += probability > 0.5 === labels[b] > 0.5;
      gradBias[0] += grad;
      for (let i = 0; i < size; i++) {
        gradW[i] += grad * h[b * size + i];
        gradH[b * size + i] = grad * w[i];
      }
    }
    const dt = 1 / steps;
    for (let step = steps - 1; step >= 0; step--) {
      for (let s = 0; s < stages; s++) for (let i = 0; i < length; i++) gradK[s][i] = dt * sums[s] * gradH[i];
      for (let s = stages - 1; s >= 0; s--) {
        this.#evaluateBack(this.#tape[step * stages + s], gradK[s], count);
        addScaled(gradH, this.#gradX, 1, length);
        rows[s].forEach((weight, before) => weight && addScaled(gradK[before], this.#gradX, dt * weight, length));
      }
    }
    return { loss, right: right / count };
  }

  // One step of Adam.
  step(points, labels, count, solver) {
    const result = this.gradient(points, labels, count, solver), { weights, grads } = this;
    const mean = this.#mean, square = this.#square, taken = ++this.#taken;
    const meanScale = 1 - 0.9 ** taken, squareScale = 1 - 0.999 ** taken;
    for (let i = 0; i < weights.length; i++) {
      mean[i] = 0.9 * mean[i] + 0.1 * grads[i];
      square[i] = 0.999 * square[i] + 0.001 * grads[i] * grads[i];
      weights[i] -= (this.#rate * (mean[i] / meanScale)) / (Math.sqrt(square[i] / squareScale) + 1e-8);
    }
    return result;
  }
}

function cut(array, lengths) {
  let from = 0;
  return lengths.map((length) => array.subarray(from, (from += length)));
}

// x += scale y, for the first `length` numbers.
function addScaled(x, y, scale, length) {
  for (let i = 0; i < length; i++) x[i] += scale * y[i];
}
