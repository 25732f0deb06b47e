// A plot with two axes, linear or logarithmic.

import { svgElement } from "../kit/dom.js";
import { linePath } from "../kit/plot.js";

const LEFT = 40, TOP = 24, FOOT = 34;
const SIZES = [0.25, 0.5, 1, 2, 5]; // between two marks of a linear axis
let plots = 0;

export class Plot {
  svg;
  y = [0, 1];
  #x = [0, 1];
  #log;
  #names;
  #right;
  #width = 360;
  #height = 260;
  #window;
  #grid;
  #marks;
  #lines;
  #dots;

  // tall: whether it may take more of the column. log: its logarithmic axes, of "xy". right: pixels kept free there.
  constructor({ xName, yName, log = "", right = 12, tall = false }) {
    this.svg = svgElement("svg", { class: tall ? "plot tall" : "plot", role: "img" });
    this.#log = log;
    this.#names = [xName, yName];
    this.#right = right;
    const clip = svgElement("clipPath", { id: `plot-${++plots}` }, this.svg);
    this.#window = svgElement("rect", {}, clip);
    this.#grid = svgElement("g", { class: "grid" }, this.svg);
    this.#marks = svgElement("g", {}, this.svg);
    this.#lines = svgElement("g", { "clip-path": `url(#plot-${plots})` }, this.svg);
    this.#dots = svgElement("g", {}, this.svg);
  }

  // Empty it, and draw its axes from low to high.
  axes(x, y) {
    for (const part of [this.#lines, this.#dots, this.#marks, this.#grid]) part.replaceChildren();
    this.#width = this.svg.clientWidth || 360;
    this.#height = this.svg.clientHeight || 260;
    this.svg.setAttribute("viewBox", `0 0 ${this.#width} ${this.#height}`);
    this.#x = x;
    this.y = y;
    const right = this.#width - this.#right, bottom = this.#height - FOOT, grid = this.#grid;
    const inside = { x: LEFT, y: TOP - 3, width: Math.max(right - LEFT + 3, 1), height: Math.max(bottom - TOP + 6, 1) };
    for (const [key, value] of Object.entries(inside)) this.#window.setAttribute(key, value);
    for (const value of this.#ticks("y", y, Math.log10(y[1] / y[0]) > 8 ? 3 : 2)) {
      const at = this.#py(value);
      svgElement("line", { x1: LEFT, x2: right, y1: at, y2: at }, grid);
      this.#label("y", LEFT - 8, at + 4, "end", value);
    }
    for (const value of this.#ticks("x", x, 1)) {
      const at = this.#px(value);
      svgElement("line", { x1: at, x2: at, y1: TOP, y2: bottom }, grid);
      this.#label("x", at, bottom + 15, "middle", value);
    }
    const [xName, yName] = this.#names;
    svgElement("text", { x: right, y: this.#height - 3, "text-anchor": "end" }, grid).textContent = xName;
    svgElement("text", { x: 0, y: 11 }, grid).textContent = yName;
    this.svg.setAttribute("aria-label", `${yName} over ${xName}`);
  }

  #ticks(axis, [low, high], decades) {
    const ticks = [];
    if (this.#log.includes(axis)) {
      for (let p = Math.ceil(Math.log10(low) - 1e-9); p <= Math.log10(high) + 1e-9; p += decades) ticks.push(10 ** p);
      return ticks;
    }
    const size = SIZES.find((each) => (high - low) / each <= 6) ?? 10;
    for (let value = Math.ceil(low / size) * size; value <= high + 1e-9; value += size) ticks.push(value);
    return ticks;
  }

  #label(axis, x, y, anchor, value) {
    const text = svgElement("text", { x, y, "text-anchor": anchor }, this.#grid);
    const power = Math.round(Math.log10(Math.abs(value)));
    if (!this.#log.includes(axis) || (power >= 0 && power < 4)) {
      text.textContent = `${+value.toFixed(2)}`.replace("-", "−");
      return;
    }
    text.textContent = "10";
    const raised = svgElement("tspan", { dy: -5, "font-size": "8.5" }, text);
    raised.textContent = `${power}`.replace("-", "−");
  }

  #share(axis, value, [low, high]) {
    return this.#log.includes(axis) ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  }

  #px(value) {
    return LEFT + this.#share("x", value, this.#x) * (this.#width - LEFT - this.#right);
  }

  #py(value) {
    const share = Math.min(Math.max(this.#share("y", value, this.y), -0.5), 1.5);
    return this.#height - FOOT - share * (this.#height - FOOT - TOP);
  }

  // A line through [x, y]. stairs: level until the next point.
  line(points, className, stairs = false) {
    const corners = [];
    for (const [x, y] of points) {
      const at = [this.#px(x), this.#py(y)];
      if (!Number.isFinite(at[0] + at[1])) continue;
      if (stairs && corners.length) corners.push([at[0], corners.at(-1)[1]]);
      corners.push(at);
    }
    svgElement("path", { d: linePath(corners), class: `line ${className}` }, this.#lines);
  }

  // A dot, at the edge where it would be above or below.
  dot(x, y, className, r = 5) {
    const cy = Math.min(Math.max(this.#py(y), TOP), this.#height - FOOT);
    svgElement("circle", { cx: this.#px(x), cy, r, class: className }, this.#dots);
  }

  // Words at a point.
  text(x, y, words, className, anchor = "start") {
    const at = { x: this.#px(x), y: this.#py(y), class: className, "text-anchor": anchor };
    svgElement("text", at, this.#marks).textContent = words;
  }
}
