// Lesson 3: the same field, the same start, the same budget of evaluations, and every solver at once.

import { svgElement } from "../kit/dom.js";
import { FIELDS } from "./fields.js";
import { Plot } from "./plot.js";
import { TABLEAUS, distance, endOfFixed, pointsAlong, solveAdaptive, solveFixed } from "./runge_kutta.js";
import { drawSolve } from "./solve_drawing.js";
import { SolverTable } from "./solver_table.js";
import { counted, placeInWords, roughly } from "./words.js";

const NAMES = { euler: "Euler", midpoint: "Midpoint", heun: "Heun", rk4: "RK4", dopri5: "dopri5" };
const SOLVERS = Object.keys(NAMES);
const SHOWN = ["spiral", "pendulum", "whirl", "river", "oscillator"];
const TOLERANCES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9];
const BUDGETS = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const LOWEST = 1e-10; // an error below that may be the reference's own
const HIGHEST = 1e3;
const MOST_EVALUATIONS = 4000; // of dopri5 in the plot
const USUAL = { field: "spiral", budget: 48, tolerance: 1e-3, shown: ["euler", "midpoint", "rk4"] };
const ROW = 17, NAME_WIDTH = 66, FOOT = 22; // pixels of the strip

export class SolversFigure {
  #board;
  #name;
  #start;
  #budget;
  #tolerance;
  #knob; // the value of the field's one parameter
  #shown;
  #reference; // a solve much finer than the others
  #solves = {};
  #curves = {}; // of each solver, [evaluations, error]
  #place = null;
  #controls;
  #table;
  #plot = new Plot({ xName: "evaluations of f", yName: "error at T", log: "xy", right: 76 });
  #strip = svgElement("svg", { class: "strip", role: "img", "aria-label": "Where each solver stepped" });

  constructor(board) {
    const { controls } = (this.#board = board);
    const names = Object.fromEntries(SHOWN.map((name) => [name, FIELDS[name].name]));
    this.#controls = {
      field: controls.choice("field", "Field", names, (name) => this.#choose(name)),
      budget: controls.slider("budget", "Budget", [2, 9, 0.01],
        (power) => (this.#budget = Math.round(2 ** power)), () => `${this.#budget} evaluations`),
      tolerance: controls.slider("tolerance", "Tolerance of dopri5", [1, 9, 0.25],
        (power) => (this.#tolerance = 10 ** -power), () => this.#tolerance.toExponential(0).replace("-", "−")),
      knob: controls.slider("knob", "", [0, 1, 0.1], (value) => (this.#knob = value), () => this.#knob.toFixed(1)),
    };
    this.#table = new SolverTable(NAMES, (name) => {
      if (!this.#shown.delete(name)) this.#shown.add(name);
      board.request();
    });
    board.more.append(this.#table.node, this.#plot.svg);
    board.under.append(this.#strip);
  }

  set(view) {
    const { field, budget, tolerance, shown, knob, start } = { ...USUAL, ...view };
    this.#budget = budget;
    this.#tolerance = tolerance;
    this.#shown = new Set(shown);
    this.#controls.budget.show(Math.log2(budget));
    this.#controls.tolerance.show(-Math.log10(tolerance));
    this.#choose(field, knob, start);
  }

  #choose(name, knob = FIELDS[name].knob?.[3], start = FIELDS[name].starts[0]) {
    const field = FIELDS[name], slider = this.#controls.knob;
    this.#name = name;
    this.#start = start;
    this.#knob = knob;
    slider.hide(!field.knob);
    if (field.knob) {
      const [label, low, high] = field.knob;
      slider.text.textContent = label;
      Object.assign(slider.input, { min: low, max: high });
      slider.show(knob);
    }
    this.#controls.field.show(name);
    this.#board.stage.show((t, y, d) => field.f(t, y, d, this.#knob), field.view);
  }

  #solve() {
    const field = FIELDS[this.#name], knob = this.#knob, start = this.#start, until = field.until;
    const f = (t, y, d) => field.f(t, y, d, knob);
    this.#reference = solveAdaptive(f, start, until, { rtol: 1e-9, atol: 1e-11 });
    const exact = field.exact ? Float64Array.from(field.exact(start, until, knob)) : this.#reference.end;
    for (const name of SOLVERS) {
      const tableau = TABLEAUS[name];
      if (tableau) {
        const stages = tableau.nodes.length;
        this.#solves[name] = solveFixed(f, start, until, Math.max(1, Math.floor(this.#budget / stages)), tableau);
        this.#curves[name] = BUDGETS.filter((budget) => budget >= stages).map((budget) => {
          const count = Math.floor(budget / stages);
          return [count * stages, distance(endOfFixed(f, start, until, count, tableau), exact)];
        });
      } else {
        const solved = (rtol, most) => solveAdaptive(f, start, until, { rtol, most });
        this.#solves[name] = solved(this.#tolerance);
        this.#curves[name] = TOLERANCES.map((tolerance) => solved(tolerance, MOST_EVALUATIONS))
          .filter(({ spent }) => !spent)
          .map(({ nfe, end }) => [nfe, distance(end, exact)]);
      }
      this.#solves[name].error = distance(this.#solves[name].end, exact);
    }
  }

  draw() {
    this.#solve();
    const { stage } = this.#board, layer = stage.layer("paths");
    layer.replaceChildren();
    const reference = pointsAlong(this.#reference, 2).map(([, state]) => state);
    svgElement("path", { d: stage.line(reference), class: "exact" }, layer);
    for (const [name, solve] of this.#drawn) drawSolve(stage, layer, solve, name, name === "euler" ? 1 : 8);
    this.#place ??= stage.handle("Start", this.#start, (point) => {
      this.#start = point;
      this.#board.request();
    });
    this.#place(this.#start);
    for (const name of SOLVERS)
      this.#table.show(name, effort(this.#solves[name]), roughly(this.#solves[name].error), this.#shown.has(name));
    this.#drawPlot();
    this.#drawStrip();
  }

  get #drawn() {
    return SOLVERS.filter((name) => this.#shown.has(name)).map((name) => [name, this.#solves[name]]);
  }

  #drawPlot() {
    const plot = this.#plot, errors = Object.values(this.#curves).flat().map(([, error]) => error);
    const finite = errors.filter((error) => Number.isFinite(error) && error > 0);
    const low = Math.max(Math.min(...finite, 1), LOWEST), high = Math.min(Math.max(...finite, 1e-2), HIGHEST);
    plot.axes([2, 1100], [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))]);
    for (const name of SOLVERS) {
      const curve = this.#curves[name].filter(([, error]) => Number.isFinite(error));
      const { nfe, error } = this.#solves[name], shown = this.#shown.has(name);
      plot.line(curve.map(([n, e]) => [n, Math.max(e, LOWEST)]), shown ? name : `${name} faint`);
      if (!shown) continue;
      if (Number.isFinite(error)) plot.dot(nfe, Math.max(error, LOWEST), `now ${name}`);
      if (name !== "dopri5") this.#markSlope(name, curve);
    }
  }

  // The slope between the two finest solves that are far from rounding.
  #markSlope(name, curve) {
    const good = curve.filter(([, error]) => error > 1e-8);
    if (good.length < 2) return;
    const [a, b] = good.slice(-2), slope = Math.log(b[1] / a[1]) / Math.log(b[0] / a[0]);
    if (!(Math.abs(slope) < 9)) return;
    const height = Math.max(b[1] * (1000 / b[0]) ** slope, this.#plot.y[0] * 1.5);
    this.#plot.text(1230, height, `slope ${slope.toFixed(1)}`.replace("-", "−"), `slope ${name}`);
  }

  // Where each solver that is shown stepped over time, and where it refused to.
  #drawStrip() {
    const strip = this.#strip, { until } = FIELDS[this.#name], rows = this.#drawn;
    const width = strip.clientWidth || 600, height = rows.length * ROW + FOOT, right = width - 10;
    const x = (t) => NAME_WIDTH + (t / until) * (right - NAME_WIDTH);
    strip.replaceChildren();
    strip.setAttribute("height", height);
    strip.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const text = (x, y, anchor, words, className = "") =>
      (svgElement("text", { x, y, "text-anchor": anchor, class: className }, strip).textContent = words);
    rows.forEach(([name, solve], i) => {
      const y = i * ROW + ROW / 2 + 2, ends = [0, ...solve.steps.map(({ to }) => to)];
      text(NAME_WIDTH - 10, y + 4, "end", NAMES[name], `name ${name}`);
      svgElement("line", { x1: NAME_WIDTH, x2: right, y1: y, y2: y, class: "rail" }, strip);
      const ticks = ends.slice(0, 700).map((t) => `M${x(t).toFixed(1)} ${y - 5}v10`).join("");
      svgElement("path", { d: ticks, class: `tick ${name}` }, strip);
      for (const { to } of solve.refused.slice(0, 200)) {
        const cross = `M${(x(Math.min(to, until)) - 2).toFixed(1)} ${y - 4}l4 8m0 -8l-4 8`;
        svgElement("path", { d: cross, class: `refused ${name}` }, strip);
      }
    });
    text(NAME_WIDTH, height - 6, "middle", "t = 0");
    text(right, height - 6, "end", `T = ${until}`);
  }

  describe() {
    const errors = this.#drawn.map(([name, solve]) => `${NAMES[name]} ${roughly(solve.error)}, ${effort(solve)}`);
    const knob = FIELDS[this.#name].knob ? ` with ${FIELDS[this.#name].knob[0]} = ${this.#knob.toFixed(1)}` : "";
    return `${FIELDS[this.#name].name}${knob}, from ${placeInWords(this.#start)}. Error at T: ${errors.join("; ")}.`;
  }
}

function effort({ steps, nfe, refused }) {
  const words = `${counted(steps.length, "step")}, ${nfe} ev.`;
  return refused.length ? `${words}, ${refused.length} refused` : words;
}
