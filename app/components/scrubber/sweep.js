// A walk over evenly spaced depths of a solve, from 0 to its end: the moments.

export const MOMENTS = 65; // a power of two and one
const SLICE_MS = 8; // of work, between which the page is free

// Halves, quarters, eighths: what is known of a part of the moments is spread over all of them.
export class Sweep {
  #timer = null; // of the next slice

  // visit: called with each moment, from 0 to MOMENTS - 1. after: called after each slice, and told whether it was the
  // last.
  start(visit, after) {
    const last = MOMENTS - 1, order = [0, last];
    for (let gap = last; gap > 1; gap /= 2) for (let i = gap / 2; i < last; i += gap) order.push(i);
    const slice = () => {
      const began = performance.now();
      while (order.length && performance.now() - began < SLICE_MS) visit(order.shift());
      if (order.length) this.#timer = setTimeout(slice);
      after(order.length === 0);
    };
    this.#timer = setTimeout(slice);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

// The depth of a moment.
export function timeOf(moment, until) {
  return (until * moment) / (MOMENTS - 1);
}

// The last moment that is not after a time.
export function momentBefore(time, until) {
  return Math.floor((time / until) * (MOMENTS - 1) + 1e-9);
}
