// Points of two classes.

import { Random } from "./random.js";

export const POINT_SETS = {
  moons: {
    name: "Two moons",
    point: (random, label) => {
      const turn = Math.PI * random.uniform(), noise = () => 0.08 * random.normal();
      return label
        ? [0.5 + Math.cos(turn) * 1 + noise(), 0.25 - Math.sin(turn) + noise()]
        : [-0.5 + Math.cos(turn) * 1 + noise(), -0.25 + Math.sin(turn) + noise()];
    },
  },
  spirals: {
    name: "Two spirals",
    point: (random, label) => {
      const radius = Math.sqrt(random.uniform()), turn = 3.6 * radius * Math.PI * 0.75 + (label ? Math.PI : 0);
      const far = 0.15 + 1.5 * radius, noise = () => 0.05 * random.normal();
      return [far * Math.cos(turn) + noise(), far * Math.sin(turn) + noise()];
    },
  },
  ring: {
    name: "Disc in a ring",
    point: (random, label) => {
      const turn = 2 * Math.PI * random.uniform();
      const far = label ? 1.1 + 0.45 * random.uniform() : 0.55 * Math.sqrt(random.uniform());
      return [far * Math.cos(turn), far * Math.sin(turn)];
    },
  },
  blobs: {
    name: "Two heaps",
    point: (random, label) => {
      const side = label ? 1 : -1;
      return [0.9 * side + 0.3 * random.normal(), 0.4 * side + 0.3 * random.normal()];
    },
  },
};

// `count` points (x, y) in a row, half of each class, and their labels.
export function samplePoints(name, count, seed) {
  const random = new Random(seed), points = new Float64Array(2 * count), labels = new Float64Array(count);
  for (let b = 0; b < count; b++) {
    labels[b] = b % 2;
    points.set(POINT_SETS[name].point(random, b % 2), 2 * b);
  }
  return { points, labels, count };
}
