// The solvers of segnode.ode, in the browser: explicit Runge-Kutta methods as data, a loop over a grid, and dopri5 with
// torchdiffeq's control of the step. Held to segnode.ode by fixtures.
//
// A state is a Float64Array. f(t, y, d) writes the derivative into d. A solve holds its steps (from, to, the states y
// and end, the stages), the steps it refused, and nfe, the evaluations of f.

export const TABLEAUS = {
  euler: { name: "Euler", order: 1, nodes: [0], rows: [[]], extension: [[1]] },
  midpoint: { name: "Midpoint", order: 2, nodes: [0, 1 / 2], rows: [[], [1 / 2]], extension: [[1, -1], [0, 1]] },
  heun: { name: "Heun", order: 2, nodes: [0, 1], rows: [[], [1]], extension: [[1, -1 / 2], [0, 1 / 2]] },
  rk4: {
    name: "RK4",
    order: 4,
    nodes: [0, 1 / 2, 1 / 2, 1],
    rows: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
    extension: [[1, -3 / 2, 2 / 3], [0, 1, -2 / 3], [0, 1, -2 / 3], [0, -1 / 2, 2 / 3]],
  },
};

const DOPRI5 = {
  name: "dopri5",
  order: 5,
  nodes: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  rows: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  ],
  error: [
    35 / 384 - 1951 / 21600, 0, 500 / 1113 - 22642 / 50085, 125 / 192 - 451 / 720, -2187 / 6784 + 12231 / 42400,
    11 / 84 - 649 / 6300, -1 / 60,
  ],
  middle: [
    6025192743 / 30085553152 / 2, 0, 51252292925 / 65400821598 / 2, -2691868925 / 45128329728 / 2,
    187940372067 / 1594534317056 / 2, -1776094331 / 19743644256 / 2, 11237099 / 235043384 / 2,
  ],
};
const SAFETY = 0.9, GROWTH = 10, SHRINK = 0.2; // of torchdiffeq

// y + size * sum of weights times stages.
function addStages(y, stages, weights, size) {
  const sum = Float64Array.from(y);
  weights.forEach((weight, s) => {
    if (weight) for (let i = 0; i < sum.length; i++) sum[i] += size * weight * stages[s][i];
  });
  return sum;
}

// b_s(theta): what each stage adds between the ends of a step.
export function weightsAt(extension, theta) {
  return extension.map((row) => row.reduce((sum, coefficient, power) => sum + coefficient * theta ** (power + 1), 0));
}

// A solve over a grid: a number of equal steps, or the depths themselves, 0 first.
export function solveFixed(f, start, until, grid, tableau) {
  const times = Array.isArray(grid) ? grid : Array.from({ length: grid + 1 }, (_, i) => (until * i) / grid);
  const steps = [];
  let y = Float64Array.from(start), nfe = 0;
  for (let i = 0; i + 1 < times.length; i++) {
    const from = times[i], size = times[i + 1] - from, stages = [];
    tableau.nodes.forEach((node, s) => {
      const input = addStages(y, stages, tableau.rows[s], size), slope = new Float64Array(y.length);
      f(from + node * size, input, slope);
      nfe++;
      stages.push(slope);
    });
    const end = addStages(y, stages, weightsAt(tableau.extension, 1), size);
    steps.push({ from, to: times[i + 1], y, stages, end });
    y = end;
  }
  return { steps, end: y, nfe, tableau, refused: [] };
}

// Where equal steps end, without keeping any of them: for curves through many solves.
export function endOfFixed(f, start, until, count, { nodes, rows, extension }) {
  const size = until / count, sums = weightsAt(extension, 1);
  const y = Float64Array.from(start), input = new Float64Array(y.length);
  const stages = nodes.map(() => new Float64Array(y.length));
  for (let step = 0; step < count; step++) {
    for (let s = 0; s < nodes.length; s++) {
      input.set(y);
      rows[s].forEach((weight, k) => {
        if (weight) for (let i = 0; i < y.length; i++) input[i] += size * weight * stages[k][i];
      });
      f(size * (step + nodes[s]), input, stages[s]);
    }
    sums.forEach((weight, s) => {
      for (let i = 0; i < y.length; i++) y[i] += size * weight * stages[s][i];
    });
  }
  return y;
}

function rms(values, scale) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] / scale[i]) ** 2;
  return Math.sqrt(sum / values.length);
}

// How large the first step may be (Hairer, Norsett and Wanner I, section II.4), at the cost of one evaluation.
function firstStep(f, y, slope, rtol, atol) {
  const scale = y.map((value) => atol + rtol * Math.abs(value)), size = rms(y, scale), speed = rms(slope, scale);
  const guess = size < 1e-5 || speed < 1e-5 ? 1e-6 : (0.01 * size) / speed;
  const next = new Float64Array(y.length);
  f(guess, addStages(y, [slope], [1], guess), next);
  const bend = rms(next.map((value, i) => value - slope[i]), scale) / guess;
  const other = speed <= 1e-15 && bend <= 1e-15 ? Math.max(1e-6, guess * 1e-3) : (0.01 / Math.max(speed, bend)) ** 0.2;
  return Math.min(100 * guess, other);
}

// dopri5 from 0 to `until`. It gives up after `most` evaluations: `spent` says so.
export function solveAdaptive(f, start, until, { rtol, atol = rtol, most = 20_000 }) {
  const { nodes, rows, error, middle } = DOPRI5, steps = [], refused = [];
  let y = Float64Array.from(start), slope = new Float64Array(y.length), t = 0;
  f(0, y, slope);
  let size = firstStep(f, y, slope, rtol, atol), nfe = 2;
  while (t < until) {
    if (nfe + 6 > most || !Number.isFinite(size) || t + size === t)
      return { steps, refused, end: y, nfe, tableau: DOPRI5, spent: true };
    const last = t + size > until, to = last ? until : t + size;
    size = to - t;
    const stages = [slope];
    let end;
    for (let s = 1; s < nodes.length; s++) {
      const next = new Float64Array(y.length);
      end = addStages(y, stages, rows[s], size); // the last stage is at the end of the step
      f(t + nodes[s] * size, end, next);
      stages.push(next);
    }
    nfe += 6;
    const off = addStages(new Float64Array(y.length), stages, error, size);
    const ratio = rms(off, y.map((value, i) => atol + rtol * Math.max(Math.abs(value), Math.abs(end[i]))));
    if (ratio <= 1) {
      steps.push({ from: t, to, y, stages, end, middle: addStages(y, stages, middle, size) });
      y = end;
      slope = stages[6];
      t = to;
    } else refused.push({ from: t, to, y, end });
    const factor = ratio === 0 ? GROWTH : Math.min(GROWTH, Math.max(SAFETY / ratio ** 0.2, ratio < 1 ? 1 : SHRINK));
    size *= factor;
  }
  return { steps, end: y, nfe, tableau: DOPRI5, refused, spent: false };
}

// The state at a share of a step, 0 to 1, by the method's own continuous extension: no evaluation of f.
export function interpolate(step, theta, tableau) {
  const { y, stages, end, from, to } = step, size = to - from;
  if (theta === 1) return end;
  if (!step.middle) return addStages(y, stages, weightsAt(tableau.extension, theta), size);
  const first = stages[0], last = stages[6], mid = step.middle;
  return y.map((a, i) => {
    const b = end[i], m = mid[i], p = size * first[i], q = size * last[i];
    return a + theta * (p + theta * (q - 4 * p - 11 * a - 5 * b + 16 * m
      + theta * (5 * p - 3 * q + 18 * a + 14 * b - 32 * m + theta * (2 * (q - p) - 8 * (a + b) + 16 * m))));
  });
}

// Points along a solve, `parts` to a step, with their depths.
export function pointsAlong(solve, parts) {
  const points = solve.steps.length ? [[0, solve.steps[0].y]] : [];
  for (const step of solve.steps)
    for (let part = 1; part <= parts; part++)
      points.push([step.from + ((step.to - step.from) * part) / parts, interpolate(step, part / parts, solve.tableau)]);
  return points;
}

export function distance(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
