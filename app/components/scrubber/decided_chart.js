// The histogram of Decided: shares of the pixels over the moment they were decided at, stacked by class.

import { cssColour } from "../kit/colours.js";
import { setText, svgElement } from "../kit/dom.js";
import { MOMENTS, momentBefore, timeOf } from "./sweep.js";
import { TOP, TimePlot, percentLines } from "./time_plot.js";

const START_BAR = [-15, -4]; // pixels from the axis: the pixels that never had another label

export class DecidedChart extends TimePlot {
  #grid;
  #bars; // a path for each class
  #start; // the share of the first moment
  #break; // across its bar, which is cut short
  #value;
  #name;
  #title;
  #lit; // the band under the moment that is lit
  #shares = null; // percent by class and moment, row after row
  #single = null; // the class that alone is counted, or null
  #now = [0, null]; // the cursor's time and the moment that is lit, or null

  constructor(svg, data) {
    super(svg, data);
    this.#grid = svgElement("g", { class: "grid" }, svg);
    this.#lit = svgElement("rect", { class: "lit", y: 0 }, svg);
    this.#bars = data.names.map((_, id) => svgElement("path", { fill: cssColour(data.palette[id]) }, svg));
    this.#start = svgElement("text", { class: "percent", y: TOP + 3, "text-anchor": "middle" }, svg);
    this.#break = svgElement("path", { class: "break" }, svg);
    this.#title = svgElement("text", { class: "title", y: TOP + 4, "text-anchor": "end" }, svg);
    const end = svgElement("text", { class: "end", y: 40 }, svg);
    this.#value = svgElement("tspan", { class: "value" }, end);
    this.#name = svgElement("tspan", { class: "name", dy: 14 }, end);
    svg.setAttribute("aria-label", "Shares of pixels over the time they were decided; the list of classes has medians");
    this.finish();
  }

  // counts: pixels by class and moment, row after row (decided.js). ofRight: whether only those right at the end are
  // counted. single: the class that alone is shown, or null.
  show(counts, ofRight, single) {
    const all = counts.reduce((sum, count) => sum + count, 0);
    this.#shares = Float64Array.from(counts, (count) => (100 * count) / Math.max(all, 1));
    this.#single = single;
    setText(this.#title, `${ofRight ? "right pixels" : "pixels"}, by time of decision`);
    this.redraw();
  }

  redraw() {
    const { width, left, right } = this, middle = left + (START_BAR[0] + START_BAR[1]) / 2, cut = this.y(0.4);
    this.#title.setAttribute("x", width - right);
    for (const part of [this.#value, this.#name]) part.setAttribute("x", width - right + 14);
    this.#start.setAttribute("x", middle);
    if (!this.#shares) return;
    const classes = this.#bars.map((_, id) => id).filter((id) => this.#single === null || this.#single === id);
    const sums = Array.from({ length: MOMENTS }, (_, moment) => this.#share(moment));
    const top = 1.25 * Math.max(0.1, ...sums.slice(1));
    percentLines(this, top, this.#grid, (percent) => this.y(percent / top), 26);
    setText(this.#start, `${sums[0].toFixed(0)} %`);
    this.#break.setAttribute("d", sums[0] > top ? `M${middle - 8} ${cut + 3}L${middle + 8} ${cut - 3}` : "");
    const floor = new Float64Array(MOMENTS), room = 0.8 / Math.max(sums[0], top); // the first bar has its own scale
    for (const bar of this.#bars) bar.setAttribute("d", "");
    for (const id of classes) {
      let path = "";
      for (let moment = 0; moment < MOMENTS; moment++) {
        const share = this.#shares[id * MOMENTS + moment];
        if (share === 0) continue;
        const scale = moment === 0 ? room : 1 / top, [from, to] = this.#edges(moment);
        const low = this.y(floor[moment] * scale), high = this.y((floor[moment] += share) * scale);
        path += `M${from.toFixed(1)} ${low.toFixed(1)}H${to.toFixed(1)}V${high.toFixed(1)}H${from.toFixed(1)}Z`;
      }
      this.#bars[id].setAttribute("d", path);
    }
    this.setTime(...this.#now);
  }

  // Percent of the counted pixels that were decided at a moment, of the class that is shown or all.
  #share(moment) {
    let sum = 0;
    for (let id = 0; id < this.#bars.length; id++)
      if (this.#single === null || this.#single === id) sum += this.#shares[id * MOMENTS + moment];
    return sum;
  }

  // The left and right of a moment's bar: from the moment before to it.
  #edges(moment) {
    if (moment === 0) return START_BAR.map((pixels) => this.left + pixels);
    const gap = this.width > 500 ? 0.5 : 0;
    return [this.x(timeOf(moment - 1, this.until)) + gap, this.x(timeOf(moment, this.until)) - gap];
  }

  // Cursor and value at a time, or of the moment that is lit.
  setTime(time, lit) {
    this.#now = [time, lit];
    this.moveCursor(time);
    this.#lit.setAttribute("visibility", lit === null ? "hidden" : "visible");
    if (!this.#shares) return;
    if (lit === null) {
      let sum = 0;
      for (let moment = 0; moment <= momentBefore(time, this.until); moment++) sum += this.#share(moment);
      setText(this.#value, `${sum.toFixed(0)} %`);
      setText(this.#name, "decided by t");
      return;
    }
    const [from, to] = this.#edges(lit);
    for (const [key, value] of Object.entries({ x: from, width: to - from, height: this.y(0) }))
      this.#lit.setAttribute(key, value);
    setText(this.#value, `${this.#share(lit).toFixed(1)} %`);
    setText(this.#name, lit === 0 ? "from the start" : `at t = ${+timeOf(lit, this.until).toFixed(3)}`);
  }

  // The moment whose bar is under a pointer.
  momentAt(event) {
    const share = this.timeAt(event) / this.until;
    return this.isBefore(event) ? 0 : Math.max(1, Math.ceil(share * (MOMENTS - 1)));
  }
}
