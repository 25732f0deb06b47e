// When each pixel was decided: the first moment (sweep.js) from which it keeps its final label to the end. Between two
// moments a label may come and go unseen: the resolution is the time between them. The same in numpy is
// segnode/analysis/decided.py.

import { MOMENTS } from "./sweep.js";

export class Decided {
  moment = null; // of each pixel
  #final;

  // final: the labels at the last moment.
  constructor(final) {
    this.#final = final;
    this.moment = new Uint8Array(final.length);
  }

  // Take in the labels at a moment. In any order: only the last moment with another label counts.
  add(moment, labels) {
    const final = this.#final, decided = this.moment;
    for (let i = 0; i < final.length; i++)
      if (labels[i] !== final[i] && decided[i] <= moment) decided[i] = moment + 1;
  }

  // Pixels by class and moment, row after row. truth: count only the pixels that are right at the end; null counts all.
  counts(classes, truth) {
    const final = this.#final, decided = this.moment, counts = new Int32Array(classes * MOMENTS);
    for (let i = 0; i < final.length; i++)
      if (truth === null || truth[i] === final[i]) counts[final[i] * MOMENTS + decided[i]]++;
    return counts;
  }
}

// The moment by which half of the pixels of a row of counts were decided; null where there are none.
export function medianMoment(counts) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  for (let moment = 0; moment < counts.length; moment++) {
    sum += counts[moment];
    if (all > 0 && 2 * sum >= all) return moment;
  }
  return null;
}
