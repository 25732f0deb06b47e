// Run A beside the present one, B: both at the same time, where their labels differ, and when they part.

import { elements, setText } from "../kit/dom.js";
import { medianMoment } from "./decided.js";
import { MOMENTS, timeOf } from "./sweep.js";

export class Comparison {
  a;
  b;
  alike; // whether their classes are the same, so that labels can be compared
  #pairs = null; // pixels by B's label and A's, as counted last
  #apart = new Float64Array(MOMENTS).fill(NaN); // the share of pixels that differ, by moment
  #last; // of each pixel, the moment after the last one with the same label

  // Two solves of one picture.
  constructor(a, b) {
    Object.assign(this, { a, b, alike: a.data.names.join() === b.data.names.join() });
    if (this.alike) this.#last = new Uint8Array(b.end.labels.length);
  }

  // Bring A to a depth; returns its errors and those between the two, in percent by line of the curve. errors: of B,
  // which is there.
  setTime(time, errors) {
    const ofA = this.a.setTime(time);
    return this.#lines(errors, ofA, this.a.flow.labels, this.b.flow.labels);
  }

  // Take in a moment (sweep.js) that B has visited; returns the errors as `setTime` does.
  visit(moment, errors) {
    const [, ofA] = this.a.visit(moment), { visited: one } = this.a, { visited: other } = this.b;
    const lines = this.#lines(errors, ofA, one, other);
    if (this.alike) {
      this.#apart[moment] = this.apart;
      for (let i = 0; i < one.length; i++) if (one[i] === other[i] && this.#last[i] <= moment) this.#last[i] = moment + 1;
    }
    return lines;
  }

  #lines(ofB, ofA, one, other) {
    const lines = { b: ofB.truth ?? ofB.final, a: ofA.truth ?? ofA.final };
    if (this.alike) {
      this.#count(one, other);
      lines.pair = 100 - 100 * this.meanIou;
    }
    return { ...ofB, ...lines };
  }

  #count(one, other) {
    const { classes } = this.b.data, pairs = (this.#pairs ??= new Int32Array(classes * classes));
    pairs.fill(0);
    for (let i = 0; i < one.length; i++) pairs[other[i] * classes + one[i]]++;
  }

  // Share of the pixels that have other labels, as counted last.
  get apart() {
    const { classes } = this.b.data, all = this.b.end.labels.length;
    let same = 0;
    for (let id = 0; id < classes; id++) same += this.#pairs[id * classes + id];
    return 1 - same / all;
  }

  // Pixels of B's class that A calls another, as counted last.
  apartOf(id) {
    const { classes } = this.b.data, row = this.#pairs.subarray(id * classes, (id + 1) * classes);
    return row.reduce((sum, count) => sum + count, 0) - row[id];
  }

  // Mean IoU of A's labels with B's over the classes that B has, as counted last.
  get meanIou() {
    const { classes } = this.b.data, pairs = this.#pairs, ious = [];
    for (let id = 0; id < classes; id++) {
      let ofA = 0, ofB = 0;
      for (let k = 0; k < classes; k++) {
        ofB += pairs[id * classes + k];
        ofA += pairs[k * classes + id];
      }
      const same = pairs[id * classes + id];
      if (ofB > 0) ious.push(same / (ofA + ofB - same));
    }
    return ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
  }

  // The state (state.js) as A is painted by it: a class that is singled out has another number in other classes.
  stateOfA(state) {
    const { single } = state, id = single === null ? -1 : this.a.data.names.indexOf(this.b.data.names[single]);
    return { ...state, single: id < 0 ? null : id };
  }

  // From when on a pixel has other labels in the two runs, until the end; null where it ends with the same.
  partedAt(at) {
    const moment = this.#last[at];
    return moment >= MOMENTS ? null : timeOf(moment, this.b.data.until);
  }

  // In a sentence, when the two are apart; once all moments are visited.
  get summary() {
    if (!this.alike) return "A and B name different classes, so their labels cannot be compared.";
    const apart = this.#apart, most = apart.indexOf(Math.max(...apart)), percent = (share) => `${(100 * share).toFixed(1)} %`;
    if (Number.isNaN(apart[most])) return "";
    if (apart[most] === 0) return "A and B never differ.";
    const time = (moment) => `t = ${timeOf(moment, this.b.data.until).toFixed(2)}`, end = percent(apart.at(-1));
    const half = this.#halfParted();
    return [
      `${end} of the pixels end with other labels${half === null ? "" : `; half of them part for good by ${time(half)}`}.`,
      ...(apart[most] > apart.at(-1) ? [`Most are apart at ${time(most)}: ${percent(apart[most])}.`] : []),
    ].join(" ");
  }

  // The moment by which half of the pixels that end with other labels have parted; null where there are none.
  #halfParted() {
    const counts = new Int32Array(MOMENTS);
    for (const moment of this.#last) if (moment < MOMENTS) counts[moment]++;
    return medianMoment(counts);
  }
}

// The table beside the picture.
export class ComparisonTable {
  #section;
  #comparison;
  #cells; // what changes with time, by name
  #summary;

  // facts: the section that it takes the place of.
  constructor(facts) {
    const [section, summary, table, words] = elements("details", "summary", "table", "p");
    Object.assign(section, { className: "comparison", open: facts.open, hidden: true });
    summary.textContent = "A against B";
    section.append(summary, table, words);
    facts.after(section);
    this.#section = section;
    this.#summary = words;
  }

  // comparison: null where there is none.
  load(comparison) {
    const section = this.#section, facts = section.previousElementSibling;
    this.#comparison = comparison;
    section.hidden = comparison === null;
    facts.hidden = comparison !== null;
    if (!comparison) return;
    const { a, b } = comparison, against = a.truth && b.truth ? "" : " vs. its end";
    const fact = (name) => [a, b].map(({ data }) => new Map(data.facts).get(name));
    const rows = [
      ["solver", a.data.run, b.data.run],
      ...(a.data.model === b.data.model ? [] : [["model", a.data.model, b.data.model]]),
      ...["evaluations of f", "solved in"].map((name) => [name, ...fact(name)]),
      [`mIoU error${against} at t`, "", ""],
      ...(against ? [] : [["mIoU error at the end", ...[a, b].map(({ endErrors }) => percent(endErrors.truth))]]),
      ...(comparison.alike ? [["same label at t", ""], ["mIoU of A with B at t", ""]] : []),
    ];
    this.#cells = {};
    section.querySelector("table").replaceChildren(row("th", "col", ["", "A", "B"]), ...rows.map((texts) => this.#row(texts)));
    setText(this.#summary, comparison.alike ? " " : comparison.summary);
  }

  #row([name, ...texts]) {
    const line = row("td", "row", [name, ...texts]), cells = [...line.children].slice(1);
    if (cells.length === 1) cells[0].colSpan = 2;
    this.#cells[name.replace(" vs. its end", "")] = cells;
    return line;
  }

  // errors: as `Comparison.setTime` gave them.
  setTime(errors) {
    if (!this.#comparison) return;
    const write = (name, ...texts) => this.#cells[name].forEach((cell, i) => setText(cell, texts[i]));
    write("mIoU error at t", percent(errors.a), percent(errors.b));
    if (!this.#comparison.alike) return;
    write("same label at t", `${(100 - 100 * this.#comparison.apart).toFixed(1)} % of pixels`);
    write("mIoU of A with B at t", (100 - errors.pair).toFixed(1));
  }

  // All moments are visited.
  finish() {
    if (this.#comparison) setText(this.#summary, this.#comparison.summary);
  }
}

function row(tag, scope, texts) {
  const [line] = elements("tr");
  texts.forEach((text, i) => {
    const [cell] = elements(i === 0 && text ? "th" : tag);
    if (cell.tagName === "TH") cell.scope = scope;
    cell.textContent = text;
    line.append(cell);
  });
  return line;
}

function percent(error) {
  return `${error.toFixed(1)} %`;
}
