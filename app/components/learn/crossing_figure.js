// Lesson 2: several paths of one field, in the plane and as one coordinate over time; what can cross and what cannot.

import { elements, setText, svgElement } from "../kit/dom.js";
import { FIELDS } from "./fields.js";
import { Plot } from "./plot.js";
import { TABLEAUS, solveFixed } from "./runge_kutta.js";
import { counted, placeInWords } from "./words.js";

const SHOWN = ["pendulum", "spiral", "whirl", "wind"];
const STEPS = 240; // of RK4
// The drawn lines have corners. Where paths of a field that does not change with t seem to cross at less than this
// angle, those cross: the paths have the same direction there.
const SMALLEST_ANGLE = 0.3;

export class CrossingFigure {
  #board;
  #name = "pendulum";
  #share = 1; // of the time that is shown
  #starts = [];
  #lines = []; // the states of each path
  #places = null;
  #controls;
  #plot = new Plot({ xName: "t", yName: "x of each path", tall: true });
  #count;

  constructor(board) {
    const { controls } = (this.#board = board);
    const names = Object.fromEntries(SHOWN.map((name) => [name, FIELDS[name].name]));
    this.#controls = {
      field: controls.choice("field", "Field", names, (name) => this.#choose(name)),
      time: controls.slider("time", "Time t", [0, 1, 0.001], (share) => (this.#share = share),
        () => (this.#share * this.#field.until).toFixed(2), true),
    };
    [this.#count] = elements("p");
    this.#count.className = "count";
    board.more.append(this.#plot.svg, this.#count);
  }

  get #field() {
    return FIELDS[this.#name];
  }

  // The streaks show the field at the time that is shown.
  get time() {
    return this.#share * this.#field.until;
  }

  set({ field = "pendulum", share = 1 }) {
    this.#share = share;
    this.#choose(field);
  }

  #choose(name) {
    const { stage } = this.#board;
    this.#name = name;
    this.#starts = this.#field.starts.map((start) => [...start]);
    stage.show(this.#field.f, this.#field.view);
    stage.layer("handles").replaceChildren();
    this.#places = null;
    this.#lines = this.#starts.map((start) => this.#solve(start));
    this.#controls.field.show(name);
    this.#controls.time.show(this.#share);
  }

  #solve(start) {
    const { steps } = solveFixed(this.#field.f, start, this.#field.until, STEPS, TABLEAUS.rk4);
    return [steps[0].y, ...steps.map(({ end }) => end)];
  }

  draw() {
    const { stage } = this.#board, { until } = this.#field, seen = Math.round(this.#share * STEPS);
    const layer = stage.layer("paths"), crossings = this.#crossings(seen), meetings = this.#meetings(seen);
    layer.replaceChildren();
    this.#lines.forEach((line, i) => {
      svgElement("path", { d: stage.line(line), class: `ahead path p${i}` }, layer);
      svgElement("path", { d: stage.line(line.slice(0, seen + 1)), class: `path p${i}` }, layer);
      stage.dot(layer, line[seen], { r: 6, class: `dot p${i}` });
    });
    for (const { point } of crossings) stage.dot(layer, point, { r: 9, class: "meeting" });
    this.#plot.axes([0, until], [-this.#field.view[0], this.#field.view[0]]);
    this.#lines.forEach((line, i) => {
      const curve = line.map(([x], k) => [(k / STEPS) * until, x]);
      this.#plot.line(curve, `faint p${i}`);
      this.#plot.line(curve.slice(0, seen + 1), `p${i}`);
      const [x] = line[seen];
      if (Math.abs(x) < this.#field.view[0]) this.#plot.dot(this.#share * until, x, `now p${i}`);
    });
    for (const [t, x] of meetings) this.#plot.dot(t, x, "meeting", 7);
    this.#count.dataset.crossings = `${crossings.length} ${meetings.length}`;
    setText(this.#count, this.#inWords(crossings, meetings));
    this.#places ??= this.#starts.map((start, i) =>
      stage.handle(`Start ${i + 1}`, start, (point) => {
        this.#starts[i] = point;
        this.#lines[i] = this.#solve(point);
        this.#board.request();
      }, `p${i}`),
    );
    this.#places.forEach((place, i) => place(this.#starts[i]));
  }

  // Where two paths cross in the plane until a step, with the two times.
  #crossings(seen) {
    const lines = this.#lines.map((line) => line.slice(0, seen + 1)), { until, timed } = this.#field;
    return lines.flatMap((a, i) => lines.slice(0, timed ? i + 1 : i).flatMap((b, j) => crossingsOf(a, b, i === j)))
      .filter(({ angle }) => timed || angle > SMALLEST_ANGLE)
      .map(({ point, steps }) => ({ point, times: steps.map((step) => (step / STEPS) * until) }));
  }

  // Where two paths have the same x at the same time, as [t, x].
  #meetings(seen) {
    const { until } = this.#field;
    return this.#lines.flatMap((a, i) => this.#lines.slice(0, i).flatMap((b) => equalTimes(a, b, seen)))
      .map(([step, x]) => [(step / STEPS) * until, x]);
  }

  #inWords(crossings, meetings) {
    const words = `${counted(crossings.length, "crossing")} in the plane, ${meetings.length} of the curves x(t).`;
    if (!crossings.length) return words;
    const times = crossings.slice(0, 2).map((each) => each.times.map((time) => time.toFixed(1)).join(" and "));
    return `${words} Where paths cross in the plane, they are there at different times: t = ${times.join("; ")}.`;
  }

  describe() {
    const starts = this.#starts.map(placeInWords).join("; ");
    return `${this.#field.name}, paths from ${starts}, until t = ${this.time.toFixed(1)}. ${this.#count.textContent}`;
  }
}

// Where two lines of the plane cross: the point, the angle, and the steps, with their parts, at which each is there.
// same: whether they are one line, which may cross itself.
function crossingsOf(a, b, same) {
  const crossings = [];
  for (let i = 0; i + 1 < a.length; i++)
    for (let j = same ? i + 2 : 0; j + 1 < b.length; j++) {
      const [p, q, r, s] = [a[i], a[i + 1], b[j], b[j + 1]];
      if (Math.max(p[0], q[0]) < Math.min(r[0], s[0]) || Math.max(r[0], s[0]) < Math.min(p[0], q[0])) continue;
      const ax = q[0] - p[0], ay = q[1] - p[1], bx = s[0] - r[0], by = s[1] - r[1], d = ax * by - ay * bx;
      const u = ((r[0] - p[0]) * by - (r[1] - p[1]) * bx) / d, v = ((r[0] - p[0]) * ay - (r[1] - p[1]) * ax) / d;
      if (!(u > 0 && u <= 1 && v > 0 && v <= 1)) continue;
      const angle = Math.abs(Math.atan2(d, ax * bx + ay * by));
      const smaller = Math.min(angle, Math.PI - angle);
      crossings.push({ point: [p[0] + u * ax, p[1] + u * ay], angle: smaller, steps: [i + u, j + v] });
    }
  return crossings;
}

// Where the first coordinates of two paths are equal at the same step, as [step, x].
function equalTimes(a, b, seen) {
  const equal = [];
  for (let i = 0; i < seen; i++) {
    const before = a[i][0] - b[i][0], after = a[i + 1][0] - b[i + 1][0];
    if (before * after >= 0) continue;
    const part = before / (before - after);
    equal.push([i + part, a[i][0] + part * (a[i + 1][0] - a[i][0])]);
  }
  return equal;
}
