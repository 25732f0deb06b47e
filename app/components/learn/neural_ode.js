// A small neural ODE and its training, by hand: a field 2-32-32-2 (or 3-32-32-3) with tanh, integrated by one of the
// fixed methods, read by a linear head; the gradient is that of the discrete solve, backwards through every stage.
//
// Rows of a batch are points. All loops are over flat Float64Arrays that are made once.

import { Random } from "./random.js";
import { TABLEAUS, weightsAt } from "./runge_kutta.js";

export const WIDTH = 32; // of its two hidden layers

export const squashed = (z) => 1 - 2 / (Math.exp(2 * z) + 1); // tanh, in a third of Math.tanh's time

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
      for (let row = m; row < m + 2; row++) one(row, n);
  }
  for (; m < rows; m++) for (let n = 0; n < columns; n++) one(m, n);

  function one(row, column) {
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
  // size: numbers in a state, 2 or more; what is beyond the two of a point starts at 0 (augmentation).
  constructor({ size = 2, seed = 1, until = 1, rate = 0.01 } = {}) {
    Object.assign(this, { size, until, rate, count: 0, taken: 0 });
    const lengths = [WIDTH * size, WIDTH, WIDTH * WIDTH, WIDTH, size * WIDTH, size, size, 1];
    const total = lengths.reduce((a, b) => a + b);
    for (const name of ["weights", "grads", "mean", "square"]) this[name] = new Float64Array(total);
    this.parts = this.#cut(this.weights, lengths);
    this.slopes = this.#cut(this.grads, lengths);
    const random = new Random(seed), fans = [size, 0, WIDTH, 0, WIDTH, 0, size, 0];
    this.parts.forEach((part, i) => fans[i] && part.forEach((_, at) => (part[at] = random.normal() / Math.sqrt(fans[i]))));
  }

  #cut(array, lengths) {
    let from = 0;
    return lengths.map((length) => array.subarray(from, (from += length)));
  }

  // Room for a batch of `count` points and `evaluations` of f.
  #make(count, evaluations) {
    if (this.count >= count && this.tape.length >= evaluations) return;
    this.count = Math.max(count, this.count);
    const state = () => new Float64Array(this.count * this.size), wide = () => new Float64Array(this.count * WIDTH);
    this.tape = Array.from({ length: evaluations }, () => ({ x: state(), a: wide(), b: wide(), k: state() }));
    for (const name of ["h", "gradH", "gradX"]) this[name] = state();
    this.gradK = Array.from({ length: 4 }, state);
    for (const name of ["gradA", "gradB"]) this[name] = wide();
  }

  // k = f(x), keeping the activations on `page`.
  #field(page, count) {
    const [w1, b1, w2, b2, w3, b3] = this.parts, { x, a, b, k } = page, size = this.size, wide = count * WIDTH;
    affine(x, w1, b1, a, count, size, WIDTH);
    for (let i = 0; i < wide; i++) a[i] = squashed(a[i]);
    affine(a, w2, b2, b, count, WIDTH, WIDTH);
    for (let i = 0; i < wide; i++) b[i] = squashed(b[i]);
    affine(b, w3, b3, k, count, WIDTH, size);
  }

  #fieldBack(page, gradK, count) {
    const [w1, , w2, , w3] = this.parts, [g1, c1, g2, c2, g3, c3] = this.slopes;
    const { gradA, gradB, gradX, size } = this, { x, a, b } = page, wide = count * WIDTH;
    affineBack(b, w3, gradK, g3, c3, gradB, count, WIDTH, size);
    for (let i = 0; i < wide; i++) gradB[i] *= 1 - b[i] * b[i];
    affineBack(a, w2, gradB, g2, c2, gradA, count, WIDTH, WIDTH);
    for (let i = 0; i < wide; i++) gradA[i] *= 1 - a[i] * a[i];
    affineBack(x, w1, gradA, g1, c1, gradX, count, size, WIDTH);
  }

  // The states of points (x, y) in a row at the end of `steps` steps; `keep(step, h)` sees each on the way.
  solve(points, count, { method = "rk4", steps = 4 } = {}, keep = null) {
    const { nodes, rows, extension } = TABLEAUS[method], sums = weightsAt(extension, 1), stages = nodes.length;
    this.#make(count, steps * stages);
    const { h, size, tape } = this, length = count * size, dt = this.until / steps;
    h.fill(0);
    for (let b = 0; b < count; b++) for (let i = 0; i < 2; i++) h[b * size + i] = points[2 * b + i];
    keep?.(0, h);
    for (let step = 0; step < steps; step++) {
      for (let s = 0; s < stages; s++) {
        const page = tape[step * stages + s], { x } = page;
        for (let i = 0; i < length; i++) x[i] = h[i];
        rows[s].forEach((weight, before) => {
          const k = tape[step * stages + before].k, far = dt * weight;
          if (weight) for (let i = 0; i < length; i++) x[i] += far * k[i];
        });
        this.#field(page, count);
      }
      sums.forEach((weight, s) => {
        const k = tape[step * stages + s].k, far = dt * weight;
        for (let i = 0; i < length; i++) h[i] += far * k[i];
      });
      keep?.(step + 1, h);
    }
    return h;
  }

  // The probability of class 1 for each of the states h.
  read(h, count, out) {
    const [head, bias] = this.parts.slice(6), size = this.size;
    for (let b = 0; b < count; b++) {
      let z = bias[0];
      for (let i = 0; i < size; i++) z += head[i] * h[b * size + i];
      out[b] = 1 / (1 + Math.exp(-z));
    }
    return out;
  }

  // Loss of points with labels 0 or 1, and its gradient into `grads`.
  gradient(points, labels, count, solver = {}) {
    const { method = "rk4", steps = 4 } = solver;
    const { rows, extension } = TABLEAUS[method], sums = weightsAt(extension, 1), stages = rows.length;
    const h = this.solve(points, count, { method, steps }), { size, gradH, gradK, gradX, tape } = this;
    const [head] = this.parts.slice(6), [gradHead, gradBias] = this.slopes.slice(6), length = count * size;
    this.grads.fill(0);
    this.shares = this.read(h, count, this.shares?.length >= count ? this.shares : new Float64Array(count));
    let loss = 0, right = 0;
    for (let b = 0; b < count; b++) {
      const share = this.shares[b], g = (share - labels[b]) / count;
      loss -= Math.log(Math.max(labels[b] ? share : 1 - share, 1e-12)) / count;
      right += share > 0.5 === labels[b] > 0.5;
      gradBias[0] += g;
      for (let i = 0; i < size; i++) {
        gradHead[i] += g * h[b * size + i];
        gradH[b * size + i] = g * head[i];
      }
    }
    const dt = this.until / steps;
    for (let step = steps - 1; step >= 0; step--) {
      for (let s = 0; s < stages; s++) for (let i = 0; i < length; i++) gradK[s][i] = dt * sums[s] * gradH[i];
      for (let s = stages - 1; s >= 0; s--) {
        this.#fieldBack(tape[step * stages + s], gradK[s], count);
        for (let i = 0; i < length; i++) gradH[i] += gradX[i];
        rows[s].forEach((weight, before) => {
          const far = dt * weight, into = gradK[before];
          if (weight) for (let i = 0; i < length; i++) into[i] += far * gradX[i];
        });
      }
    }
    return { loss, right: right / count };
  }

  // One step of Adam.
  step(points, labels, count, solver) {
    const found = this.gradient(points, labels, count, solver), { weights, grads, mean, square, rate } = this;
    this.taken++;
    const a = 1 - 0.9 ** this.taken, b = 1 - 0.999 ** this.taken;
    for (let i = 0; i < weights.length; i++) {
      mean[i] = 0.9 * mean[i] + 0.1 * grads[i];
      square[i] = 0.999 * square[i] + 0.001 * grads[i] * grads[i];
      weights[i] -= (rate * (mean[i] / a)) / (Math.sqrt(square[i] / b) + 1e-8);
    }
    return found;
  }
}
