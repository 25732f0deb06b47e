// The class probabilities of one pixel over time, stacked.

import { cssColour } from "../kit/colours.js";
import { svgElement } from "../kit/dom.js";
import { linePath } from "../kit/plot.js";

const SAMPLES = 65; // along time

export class PixelChart {
  #flow;
  #pixel;
  #names;
  #cursor;

  constructor(svg, flow, [x, y], { palette, names }) {
    this.#flow = flow;
    this.#pixel = [x, y];
    this.#names = names;
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("preserveAspectRatio", "none");
    const times = Array.from({ length: SAMPLES }, (_, i) => (flow.until * i) / (SAMPLES - 1));
    const shares = times.map((time) => flow.probabilities(x, y, time));
    const floor = new Float64Array(SAMPLES);
    palette.slice(0, flow.classes).forEach((colour, id) => {
      const under = shares.map((_, i) => [(100 * i) / (SAMPLES - 1), 100 - 100 * floor[i]]);
      shares.forEach((share, i) => (floor[i] += share[id]));
      const over = shares.map((_, i) => [(100 * i) / (SAMPLES - 1), 100 - 100 * floor[i]]).reverse();
      if (shares.some((share) => share[id] > 0.002))
        svgElement("path", { d: `${linePath([...under, ...over])}Z`, fill: cssColour(colour) }, svg);
    });
    this.#cursor = svgElement("line", { class: "cursor", y1: 0, y2: 100 }, svg);
  }

  // Move the cursor; returns the winner and its probability at that time.
  setTime(time) {
    const x = (100 * time) / this.#flow.until;
    this.#cursor.setAttribute("x1", x);
    this.#cursor.setAttribute("x2", x);
    const shares = this.#flow.probabilities(...this.#pixel, time);
    const id = shares.indexOf(Math.max(...shares));
    return { id, name: this.#names[id], share: shares[id] };
  }
}
