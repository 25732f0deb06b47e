// A plot under the slider, on the slider's own axis of time.

import { svgElement } from "../kit/dom.js";

export const HEIGHT = 128;
export const TOP = 8;
export const BOTTOM = 26;
const APART = 0.09; // of the axis: two numbers nearer than this would touch

// Where the solve ends, in words: T where the network was trained to end there too.
export function endName({ ends, trained }) {
  return isTrained(ends, trained) ? "T" : `t = ${+ends.toFixed(4)}`;
}

function isTrained(until, trained) {
  return Math.abs(until - trained) < 1e-6 * trained;
}

// Numbers on an axis of time: quarters of the whole, and T wherever it lies. Each as [time, text].
export function timeMarks(until, trained) {
  const quarters = [0, 1, 2, 3, 4].map((quarter) => (until * quarter) / 4), text = (time) => `${+time.toFixed(4)}`;
  if (trained > until && !isTrained(until, trained)) return quarters.map((time) => [time, text(time)]);
  const others = quarters.filter((time) => Math.abs(time - trained) >= APART * until);
  return [...others.map((time) => [time, text(time)]), [trained, `T = ${text(trained)}`]];
}

export class TimePlot {
  svg;
  until; // the last depth
  width;
  left; // pixels beside the time axis, as the stylesheet has them
  right;
  #trained; // the depth that the network was trained to end at
  #marks; // the axis' numbers
  #cursor;
  #time = 0; // of the cursor

  constructor(svg, { until, trained }) {
    Object.assign(this, { svg, until });
    this.#trained = trained;
    svg.replaceChildren();
    svg.setAttribute("height", HEIGHT);
    this.#marks = svgElement("g", { class: "grid" }, svg);
    this.#cursor = svgElement("line", { class: "cursor", y1: 0, y2: HEIGHT - BOTTOM });
  }

  // To be called when all else stands in the plot: the cursor lies over it.
  finish() {
    this.svg.append(this.#cursor);
    this.resize();
  }

  resize() {
    const { svg } = this;
    if (!svg.isConnected) return;
    const style = getComputedStyle(svg);
    this.left = parseFloat(style.getPropertyValue("--left"));
    this.right = parseFloat(style.getPropertyValue("--right"));
    this.width = svg.clientWidth || 600;
    this.#drawMarks();
    this.redraw();
    this.moveCursor(this.#time);
  }

  #drawMarks() {
    this.#marks.replaceChildren();
    const y = HEIGHT - 8;
    for (const [time, text] of timeMarks(this.until, this.#trained))
      svgElement("text", { x: this.x(time), y, "text-anchor": "middle" }, this.#marks).textContent = text;
    const beyond = this.#trained < this.until && !isTrained(this.until, this.#trained), x = this.x(this.#trained);
    if (beyond) svgElement("line", { class: "trained", x1: x, x2: x, y1: 0, y2: HEIGHT - BOTTOM + 4 }, this.#marks);
  }

  // A depth, in pixels from the left.
  x(time) {
    return this.left + (time / this.until) * (this.width - this.left - this.right);
  }

  // Where a share of the plot's height is, in pixels from the top.
  y(share) {
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  moveCursor(time) {
    this.#time = time;
    this.#cursor.setAttribute("x1", this.x(time));
    this.#cursor.setAttribute("x2", this.x(time));
  }

  // The time under a pointer.
  timeAt({ clientX }) {
    return Math.min(Math.max(this.#shareAt(clientX), 0), 1) * this.until;
  }

  // Whether a pointer is left of the axis.
  isBefore({ clientX }) {
    return this.#shareAt(clientX) < 0;
  }

  // Where a pointer is on the axis: 0 to 1, or beyond. In present mode the plot is magnified.
  #shareAt(clientX) {
    const box = this.svg.getBoundingClientRect(), x = ((clientX - box.left) * this.width) / box.width;
    return (x - this.left) / (this.width - this.left - this.right);
  }
}

// Lines across a plot at round shares of its top, with their numbers. y: of a percentage, in pixels.
export function percentLines(plot, top, group, y, gap) {
  const unit = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50].find((step) => top / step <= 4) ?? 100;
  group.replaceChildren();
  for (let count = 0; count * unit <= top; count++) {
    const at = y(count * unit), text = { class: "percent", x: plot.left - gap, y: at + 4, "text-anchor": "end" };
    svgElement("line", { x1: plot.left, x2: plot.width - plot.right, y1: at, y2: at }, group);
    svgElement("text", text, group).textContent = `${+(count * unit).toFixed(1)} %`;
  }
}
