// A residual network of the plane, h <- h + scale f(h, theta_k), with f = 4.5 tanh(A h + b): six weights, smooth in
// depth, or independent, or something between.

import { Random } from "./random.js";

const REACH = 4.5; // of f, so that the path has a shape to show
const WAVES = 4; // cosines that a smooth weight is made of, the first a constant
const SIZE = 1.3; // standard deviation of a weight

// What f is multiplied by in each of `count` layers; "none" is a layer as residual networks have it, tanh alone.
const SCALES = { ode: (count) => 1 / count, root: (count) => 1 / Math.sqrt(count), none: () => 1 / REACH };

export class LayerWeights {
  #seed;
  #waves;

  constructor(seed) {
    const random = new Random(seed);
    this.#seed = seed;
    this.#waves = Array.from({ length: 6 }, () =>
      Array.from({ length: WAVES }, () => random.normal() / Math.sqrt(WAVES)),
    );
  }

  // The six weights at a depth from 0 to 1, where they are smooth.
  smooth(depth) {
    return this.#waves.map((wave) => SIZE * cosines(wave, depth));
  }

  // Those of one layer of `count`. roughness: from 0, smooth in depth, to 1, independent of every other layer.
  ofLayer(index, count, roughness) {
    if (roughness === 0) return this.smooth(index / count);
    const random = new Random(this.#seed * 7919 + index * 104729 + count * 1299709);
    const kept = Math.sqrt(1 - roughness * roughness);
    return this.#waves.map((wave) => SIZE * (kept * cosines(wave, index / count) + roughness * random.normal()));
  }
}

function cosines(wave, depth) {
  return wave.reduce((sum, c, m) => sum + (m ? Math.SQRT2 : 1) * c * Math.cos(Math.PI * m * depth), 0);
}

// f at the state h, into `slope`.
export function layerField([a, b, c, d, e, f], h, slope) {
  slope[0] = REACH * Math.tanh(a * h[0] + b * h[1] + e);
  slope[1] = REACH * Math.tanh(c * h[0] + d * h[1] + f);
}

// The states before the first and after each of `count` layers. scale: a key of SCALES.
export function statesOfLayers(weights, start, count, scale, roughness) {
  const states = [Array.from(start)], size = SCALES[scale](count), slope = [0, 0];
  for (let k = 0; k < count; k++) {
    layerField(weights.ofLayer(k, count, roughness), states[k], slope);
    states.push([states[k][0] + size * slope[0], states[k][1] + size * slope[1]]);
  }
  return states;
}
