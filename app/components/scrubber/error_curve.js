// The error curve under the slider: mIoU error over solve time, in percent, on the slider's own axis.

import { setText, svgElement } from "../kit/dom.js";
import { linePath, spreadApart } from "../kit/plot.js";

const SAMPLES = 65; // a power of two and one
const SLICE_MS = 8; // of tracing the curve, between which the page is free
const HEIGHT = 128, TOP = 8, BOTTOM = 26;
const LABEL_GAP = 28;

export class ErrorCurve {
  #svg;
  #until;
  #lines; // { key, name, points: [[time, error]], path, dot, text }
  #grid;
  #cursor;
  #top = 5; // the highest error of the axis
  #left; // pixels beside the axis, as the stylesheet has them
  #right;
  #width;
  #now = null; // [time, errors] at the cursor
  #tracing = null; // the timer of the next slice

  // lines: { key, name } of each.
  constructor(svg, lines, until) {
    this.#svg = svg;
    this.#until = until;
    this.#lines = lines.map((line) => ({ ...line, points: [] }));
    svg.replaceChildren();
    this.#grid = svgElement("g", { class: "grid" }, svg);
    for (const line of this.#lines) {
      line.path = svgElement("path", { class: `line ${line.key}` }, svg);
      line.dot = svgElement("circle", { class: `dot ${line.key}`, r: 4.5 }, svg);
      line.text = svgElement("text", { class: `end ${line.key}` }, svg);
      svgElement("tspan", { class: "value", x: 0 }, line.text);
      svgElement("tspan", { class: "name", x: 0, dy: 12 }, line.text).textContent = line.name;
    }
    this.#cursor = svgElement("line", { class: "cursor", y1: 0 }, svg);
    this.resize();
  }

  // Draw the whole curve: halves, quarters, eighths, in slices short enough for the page to answer meanwhile. errorsAt:
  // percent by line at a time. done: called at the end.
  trace(errorsAt, done) {
    const last = SAMPLES - 1, order = [0, last];
    for (let gap = last; gap > 1; gap /= 2) for (let i = gap / 2; i < last; i += gap) order.push(i);
    const slice = () => {
      const began = performance.now();
      while (order.length && performance.now() - began < SLICE_MS) {
        const time = (this.#until * order.shift()) / last;
        this.#add(time, errorsAt(time));
      }
      this.#redraw();
      if (order.length) this.#tracing = setTimeout(slice);
      else done();
    };
    this.#tracing = setTimeout(slice);
  }

  stopTracing() {
    clearTimeout(this.#tracing);
  }

  #add(time, errors) {
    for (const line of this.#lines) {
      const after = line.points.findIndex(([other]) => other > time);
      line.points.splice(after < 0 ? line.points.length : after, 0, [time, errors[line.key]]);
      this.#top = Math.max(this.#top, errors[line.key] * 1.06);
    }
  }

  resize() {
    if (!this.#svg.isConnected) return;
    const style = getComputedStyle(this.#svg);
    this.#left = parseFloat(style.getPropertyValue("--left"));
    this.#right = parseFloat(style.getPropertyValue("--right"));
    this.#width = this.#svg.clientWidth || 600;
    this.#svg.setAttribute("height", HEIGHT);
    this.#redraw();
  }

  #x(time) {
    return this.#left + (time / this.#until) * (this.#width - this.#left - this.#right);
  }

  #y(error) {
    return HEIGHT - BOTTOM - (error / this.#top) * (HEIGHT - TOP - BOTTOM);
  }

  #redraw() {
    const unit = [1, 2, 5, 10, 20, 25, 50].find((step) => this.#top / step <= 4) ?? 100;
    this.#grid.replaceChildren();
    for (let error = 0; error <= this.#top; error += unit) {
      const y = this.#y(error);
      svgElement("line", { x1: this.#left, x2: this.#width - this.#right, y1: y, y2: y }, this.#grid);
      svgElement("text", { x: this.#left - 10, y: y + 4, "text-anchor": "end" }, this.#grid).textContent = `${error} %`;
    }
    for (let quarter = 0; quarter <= 4; quarter++) {
      const time = (this.#until * quarter) / 4;
      const mark = { x: this.#x(time), y: HEIGHT - 8, "text-anchor": "middle" };
      svgElement("text", mark, this.#grid).textContent = `${quarter === 4 ? "T = " : ""}${+time.toFixed(4)}`;
    }
    const corner = { class: "unit", x: this.#left - 10, y: HEIGHT - 8, "text-anchor": "end" };
    svgElement("text", corner, this.#grid).textContent = "mIoU error";
    for (const { path, points } of this.#lines)
      path.setAttribute("d", linePath(points.map(([time, error]) => [this.#x(time), this.#y(error)])));
    this.#cursor.setAttribute("y2", HEIGHT - BOTTOM);
    if (this.#now) this.setTime(...this.#now);
  }

  // Cursor, dots and values at a time. errors: percent by line.
  setTime(time, errors) {
    this.#now = [time, errors];
    const x = this.#x(time);
    this.#cursor.setAttribute("x1", x);
    this.#cursor.setAttribute("x2", x);
    const heights = this.#lines.map(({ key }) => this.#y(errors[key]));
    const places = spreadApart(heights, LABEL_GAP, TOP + 8, HEIGHT - BOTTOM - 10);
    this.#lines.forEach(({ key, dot, text }, i) => {
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", this.#y(errors[key]));
      text.setAttribute("transform", `translate(${this.#width - this.#right + 14} ${places[i].toFixed(1)})`);
      setText(text.firstChild, `${errors[key].toFixed(1)} %`);
    });
  }

  // The time under a pointer.
  timeAt({ clientX }) {
    const box = this.#svg.getBoundingClientRect();
    const share = (clientX - box.left - this.#left) / (box.width - this.#left - this.#right);
    return Math.min(Math.max(share, 0), 1) * this.#until;
  }
}
