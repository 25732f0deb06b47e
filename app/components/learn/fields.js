// Vector fields of the plane. f(t, y, d, p) writes the derivative of the state y at time t into d; p: the knob's value.
//
// view: half the width and half the height that are drawn. until: where a solve ends. knob: name, lowest, highest and
// first value of the one parameter a person can turn. exact: the state at T in closed form, where there is one.

export const FIELDS = {
  spiral: {
    name: "Spiral",
    view: [2.4, 1.8],
    until: 4,
    starts: [[1.7, 0.4], [-1.2, 1.1], [0.3, -1.3]],
    f: (t, y, d) => {
      d[0] = -0.25 * y[0] - 2 * y[1];
      d[1] = 2 * y[0] - 0.25 * y[1];
    },
    exact: (y, t) => {
      const e = Math.exp(-0.25 * t), c = Math.cos(2 * t), s = Math.sin(2 * t);
      return [e * (c * y[0] - s * y[1]), e * (s * y[0] + c * y[1])];
    },
  },
  pendulum: {
    name: "Pendulum",
    view: [3.6, 2.7],
    until: 8,
    starts: [[-2.2, 0], [0.6, 0], [-3.1, 1.2]],
    f: (t, y, d) => {
      d[0] = y[1];
      d[1] = -Math.sin(y[0]);
    },
  },
  whirl: {
    name: "Whirlpool in a stream",
    view: [2.8, 2.1],
    until: 4.6,
    starts: [[-2.4, 0.3], [-2.4, -0.9], [-2.4, 1.2]],
    f: (t, y, d) => {
      const g = 4 * Math.exp(-(y[0] * y[0] + y[1] * y[1]) / 0.4);
      d[0] = 1 - g * y[1];
      d[1] = g * y[0];
    },
  },
  river: {
    name: "Steep river",
    view: [3.3, 2.475],
    until: 6,
    starts: [[-3, 1.3], [-3, -1.6], [-3, 0.2]],
    knob: ["λ", 1, 60, 12],
    f: (t, y, d, p) => {
      d[0] = 1;
      d[1] = -p * (y[1] - Math.sin(y[0]));
    },
    exact: (y, t, p) => {
      const bed = (x) => (p * p * Math.sin(x) - p * Math.cos(x)) / (p * p + 1);
      return [y[0] + t, bed(y[0] + t) + (y[1] - bed(y[0])) * Math.exp(-p * t)];
    },
  },
  oscillator: {
    name: "Van der Pol",
    view: [3.6, 4.4],
    until: 8,
    starts: [[0.4, 0.2], [-2.6, 3], [2.6, -2]],
    knob: ["μ", 0, 12, 1.5],
    f: (t, y, d, p) => {
      d[0] = y[1];
      d[1] = p * (1 - y[0] * y[0]) * y[1] - y[0];
    },
  },
  wind: {
    name: "Turning wind",
    view: [2.4, 1.8],
    until: 4,
    timed: true,
    starts: [[0.2, -1.1], [-0.8, -0.8], [0.1, 0.2]],
    f: (t, y, d) => {
      d[0] = Math.cos(1.6 * t) + 0.25 * y[1];
      d[1] = 1.3 * Math.sin(1.6 * t) - 0.25 * y[0];
    },
  },
};
