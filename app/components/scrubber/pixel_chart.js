// The class probabilities of one pixel over time, stacked, with its axes and marks where the winner changes.

import { cssColour } from "../kit/colours.js";
import { elements, svgElement } from "../kit/dom.js";
import { linePath } from "../kit/plot.js";
import { timeMarks } from "./time_plot.js";

const SAMPLES = 65; // along time
const HALVINGS = 12; // of the time between two samples, to find where the winner changes

export class PixelChart {
  changes; // times at which another class becomes the most probable one
  #flow;
  #pixel;
  #until; // the end of the axis
  #svg;
  #cursor;

  // plot: the element to draw in.
  constructor(plot, flow, pixel, { palette, until, trained }) {
    this.#flow = flow;
    this.#pixel = pixel;
    this.#until = until;
    this.#svg = svgElement("svg", { role: "img", viewBox: "0 0 100 100", preserveAspectRatio: "none" }, plot);
    const times = Array.from({ length: SAMPLES }, (_, i) => (until * i) / (SAMPLES - 1));
    const shares = times.map((time) => flow.probabilities(...pixel, time));
    this.#drawAreas(shares, palette.slice(0, flow.classes));
    this.changes = this.#changesOf(times, shares.map(winnerOf));
    for (const time of this.changes) this.#line(time, "change");
    this.#cursor = this.#line(0, "cursor");
    this.#drawAxes(plot, until, trained);
  }

  #drawAreas(shares, palette) {
    const floor = new Float64Array(SAMPLES);
    palette.forEach((colour, id) => {
      const under = shares.map((_, i) => [(100 * i) / (SAMPLES - 1), 100 - 100 * floor[i]]);
      shares.forEach((share, i) => (floor[i] += share[id]));
      const over = shares.map((_, i) => [(100 * i) / (SAMPLES - 1), 100 - 100 * floor[i]]).reverse();
      if (shares.some((share) => share[id] > 0.002))
        svgElement("path", { d: `${linePath([...under, ...over])}Z`, fill: cssColour(colour) }, this.#svg);
    });
  }

  #changesOf(times, winners) {
    const changes = [];
    for (let i = 1; i < SAMPLES; i++) {
      if (winners[i] === winners[i - 1]) continue;
      let [low, high] = [times[i - 1], times[i]];
      for (let halving = 0; halving < HALVINGS; halving++) {
        const middle = (low + high) / 2;
        if (winnerOf(this.#flow.probabilities(...this.#pixel, middle)) === winners[i - 1]) low = middle;
        else high = middle;
      }
      changes.push(high);
    }
    return changes;
  }

  #line(time, name) {
    const x = (100 * time) / this.#until;
    return svgElement("line", { class: name, x1: x, x2: x, y1: 0, y2: 100 }, this.#svg);
  }

  #drawAxes(plot, until, trained) {
    const add = (text, name, place) => {
      const [label] = elements("span");
      label.className = name;
      label.textContent = text;
      Object.assign(label.style, place);
      plot.append(label);
    };
    add("1", "high", {});
    add("0", "low", {});
    const marks = timeMarks(until, trained), middle = marks.filter(([time]) => time !== 0 && time !== until);
    const shown = marks.filter(([time, text]) => !middle.some(([other]) => other === time) || text.startsWith("T"));
    for (const [time, text] of shown) add(text, "time", { left: `${(100 * time) / until}%` });
  }

  // Move the cursor; returns the probability of each class at that time.
  setTime(time) {
    const x = (100 * time) / this.#until;
    this.#cursor.setAttribute("x1", x);
    this.#cursor.setAttribute("x2", x);
    return this.#flow.probabilities(...this.#pixel, time);
  }

  describe(words) {
    this.#svg.setAttribute("aria-label", words);
  }
}

function winnerOf(shares) {
  return shares.indexOf(Math.max(...shares));
}
