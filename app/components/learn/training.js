// How lesson 4's network is trained and how its answers are found: for the page and for the worker that trains.

import { NeuralOde } from "./neural_ode.js";
import { samplePoints } from "./point_sets.js";
import { Random } from "./random.js";

export const COUNT = 128; // points to train on
export const MOST_STEPS = 1200; // of training
const FRESH = 600; // points never trained on

// A method, and the least and most steps that each training step draws from, anew.
const SOLVERS = {
  drawn: { method: "rk4", steps: [3, 6] },
  midpoint: { method: "midpoint", steps: [4, 4] },
  two: { method: "euler", steps: [2, 2] },
  one: { method: "euler", steps: [1, 1] },
};

// settings: `points`, a name of POINT_SETS; `solver`, of SOLVERS; `size`, numbers in a state; `seed`.
export class Training {
  settings;
  net;
  points;
  steps = 0;
  loss = null;
  right = null; // the share of the points
  #fresh;
  #random = new Random(5);

  constructor(settings) {
    this.settings = settings;
    this.net = new NeuralOde(settings);
    this.points = samplePoints(settings.points, COUNT, 1);
    this.#fresh = samplePoints(settings.points, FRESH, 99);
  }

  // One training step.
  step() {
    const { method, steps: [least, most] } = SOLVERS[this.settings.solver];
    const steps = least + Math.floor((most - least + 1) * this.#random.uniform());
    const { points, labels, count } = this.points;
    Object.assign(this, this.net.step(points, labels, count, { method, steps }));
    this.steps++;
  }

  // The solver of an answer: "trained", as in training; "twice" as many steps; "fine", RK4 in 24 steps.
  answering(how) {
    const { method, steps: [, most] } = SOLVERS[this.settings.solver];
    const ways = { trained: { method, steps: most }, twice: { method, steps: 2 * most } };
    return ways[how] ?? { method: "rk4", steps: 24 };
  }

  // The share of new points that each way to answer gets right.
  check() {
    const { points, labels, count } = this.#fresh;
    return Object.fromEntries(["trained", "twice", "fine"].map((how) => {
      const probabilities = this.probabilities(points, count, how);
      return [how, probabilities.reduce((sum, p, i) => sum + (p > 0.5 === labels[i] > 0.5), 0) / count];
    }));
  }

  // The probability of class 1 of points (x, y) in a row.
  probabilities(points, count, how) {
    return this.net.read(this.net.solve(points, count, this.answering(how)), count, new Float64Array(count));
  }
}
