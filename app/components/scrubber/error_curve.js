// The error curve under the slider: mIoU error over solve time, in percent.

import { setText, svgElement } from "../kit/dom.js";
import { linePath, spreadApart } from "../kit/plot.js";
import { BOTTOM, HEIGHT, TOP, TimePlot, percentLines } from "./time_plot.js";

const LABEL_GAP = 28;
const VALUE_GAP = 14; // from the end of the axis to the values

export class ErrorCurve extends TimePlot {
  #lines; // { key, name, points: [[time, error]], path, dot, text }
  #grid;
  #top = 5; // the highest error of the axis
  #now = null; // [time, errors] at the cursor

  // lines: { key, name } of each.
  constructor(svg, lines, data) {
    super(svg, data);
    this.#lines = lines.map((line) => ({ ...line, points: [] }));
    this.#grid = svgElement("g", { class: "grid" }, svg);
    for (const line of this.#lines) {
      line.path = svgElement("path", { class: `line ${line.key}` }, svg);
      line.dot = svgElement("circle", { class: `dot ${line.key}`, r: 4.5 }, svg);
      line.text = svgElement("text", { class: `end ${line.key}` }, svg);
      svgElement("tspan", { class: "value", x: 0 }, line.text);
      svgElement("tspan", { class: "name", x: 0, dy: 12 }, line.text).textContent = line.name;
    }
    svg.setAttribute("aria-label", `mIoU error over solve time, ${lines.map(({ name }) => name).join(" and ")}`);
    this.finish();
  }

  // Take in the errors at a depth: percent by line.
  add(time, errors) {
    for (const line of this.#lines) {
      const after = line.points.findIndex(([other]) => other > time);
      line.points.splice(after < 0 ? line.points.length : after, 0, [time, errors[line.key]]);
      this.#top = Math.max(this.#top, errors[line.key] * 1.06);
    }
  }

  redraw() {
    percentLines(this, this.#top, this.#grid, (error) => this.y(error / this.#top), 10);
    const corner = { class: "unit", x: this.left - 10, y: HEIGHT - 8, "text-anchor": "end" };
    svgElement("text", corner, this.#grid).textContent = "mIoU error";
    for (const { path, points } of this.#lines)
      path.setAttribute("d", linePath(points.map(([time, error]) => [this.x(time), this.y(error / this.#top)])));
    this.#lines.forEach(({ text: { lastChild: name } }) => {
      const room = this.right - VALUE_GAP, long = name.getComputedTextLength() > room; // on a phone: it ends at the edge
      name.setAttribute("x", long ? room : 0);
      name.setAttribute("text-anchor", long ? "end" : "start");
    });
    if (this.#now) this.setTime(...this.#now);
  }

  // Cursor, dots and values at a time. errors: percent by line.
  setTime(time, errors) {
    this.#now = [time, errors];
    this.moveCursor(time);
    const heights = this.#lines.map(({ key }) => this.y(errors[key] / this.#top));
    const places = spreadApart(heights, LABEL_GAP, TOP + 8, HEIGHT - BOTTOM - 10);
    this.#lines.forEach(({ key, dot, text }, i) => {
      dot.setAttribute("cx", this.x(time));
      dot.setAttribute("cy", heights[i]);
      text.setAttribute("transform", `translate(${this.width - this.right + VALUE_GAP} ${places[i].toFixed(1)})`);
      setText(text.firstChild, `${errors[key].toFixed(1)} %`);
    });
  }
}
