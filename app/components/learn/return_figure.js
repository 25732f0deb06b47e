// Lesson 5: a path is solved forwards, and back again from its end with the same solver and steps: where it returns to.

import { svgElement } from "../kit/dom.js";
import { FIELDS } from "./fields.js";
import { Plot } from "./plot.js";
import { TABLEAUS, distance, endOfFixed, pointsAlong, solveAdaptive, solveFixed } from "./runge_kutta.js";
import { drawSolve } from "./solve_drawing.js";
import { SolverTable } from "./solver_table.js";
import { counted, placeInWords, roughly } from "./words.js";

const SHOWN = ["spiral", "pendulum", "river"];
const SOLVERS = { euler: "Euler", midpoint: "Midpoint", rk4: "RK4" };
const COUNTS = [4, 8, 16, 32, 64, 128, 256, 512];
const NAMES = { p0: "There", p1: "And back" }; // by the colour of each path
const USUAL = { field: "spiral", solver: "rk4", steps: 16 };
const [LOWEST, HIGHEST] = [1e-10, 1e6];

export class ReturnFigure {
  #board;
  #name;
  #solver;
  #steps;
  #knob;
  #start;
  #place = null;
  #controls;
  #table = new SolverTable(NAMES);
  #plot = new Plot({ xName: "steps each way", yName: "distance from the start, back", log: "xy", tall: true });
  #words = "";

  constructor(board) {
    const { controls } = (this.#board = board);
    const names = Object.fromEntries(SHOWN.map((name) => [name, FIELDS[name].name]));
    this.#controls = {
      field: controls.choice("field", "Field", names, (name) => this.#choose(name)),
      solver: controls.choice("solver", "Solver", SOLVERS, (name) => (this.#solver = name)),
      steps: controls.slider("steps", "Steps each way", [2, 9, 0.01],
        (power) => (this.#steps = Math.round(2 ** power)), () => `${this.#steps}`),
      knob: controls.slider("knob", "", [0, 1, 0.1], (value) => (this.#knob = value), () => this.#knob.toFixed(1)),
    };
    board.more.append(this.#table.node, this.#plot.svg);
  }

  set(view) {
    const { field, solver, steps, knob } = { ...USUAL, ...view };
    this.#solver = solver;
    this.#steps = steps;
    this.#controls.solver.show(solver);
    this.#controls.steps.show(Math.log2(steps));
    this.#choose(field, knob);
  }

  #choose(name, knob = FIELDS[name].knob?.[3]) {
    const field = FIELDS[name], slider = this.#controls.knob;
    this.#name = name;
    this.#knob = knob;
    [this.#start] = field.starts;
    slider.hide(!field.knob);
    if (field.knob) {
      slider.text.textContent = field.knob[0];
      Object.assign(slider.input, { min: field.knob[1], max: 12 });
      slider.show(knob);
    }
    this.#controls.field.show(name);
    this.#board.stage.show((t, y, d) => field.f(t, y, d, this.#knob), field.view);
  }

  // The field, forwards and backwards in time.
  get #ways() {
    const { f, until } = FIELDS[this.#name], forwards = (t, y, d) => f(t, y, d, this.#knob);
    const backwards = (t, y, d) => {
      forwards(until - t, y, d);
      d[0] = -d[0];
      d[1] = -d[1];
    };
    return { forwards, backwards, until, tableau: TABLEAUS[this.#solver] };
  }

  draw() {
    const { stage } = this.#board, layer = stage.layer("paths"), { forwards, backwards, until, tableau } = this.#ways;
    const exact = solveAdaptive(forwards, this.#start, until, { rtol: 1e-10, atol: 1e-12 });
    const there = solveFixed(forwards, this.#start, until, this.#steps, tableau);
    const back = solveFixed(backwards, there.end, until, this.#steps, tableau);
    layer.replaceChildren();
    svgElement("path", { d: stage.line(pointsAlong(exact, 2).map(([, state]) => state)), class: "exact" }, layer);
    drawSolve(stage, layer, there, "p0", 8);
    drawSolve(stage, layer, back, "p1", 8);
    this.#place ??= stage.handle("Start", this.#start, (point) => {
      this.#start = point;
      this.#board.request();
    });
    this.#place(this.#start);
    const error = distance(there.end, exact.end), drift = distance(back.end, this.#start);
    this.#table.show("p0", "from the true end", roughly(error));
    this.#table.show("p1", "from the start", roughly(drift));
    const way = `${SOLVERS[this.#solver]}, ${counted(this.#steps, "step")} each way from ${placeInWords(this.#start)}`;
    this.#words = `${FIELDS[this.#name].name}, ${way}: there it ends ${roughly(error)} from the true end, ` +
      `and back ${roughly(drift)} from the start.`;
    this.#drawPlot(drift);
  }

  #drawPlot(drift) {
    const { forwards, backwards, until, tableau } = this.#ways;
    const drifts = COUNTS.map((count) => {
      const end = endOfFixed(forwards, this.#start, until, count, tableau);
      return [count, distance(endOfFixed(backwards, end, until, count, tableau), this.#start)];
    });
    const inside = (value) => Math.min(Math.max(value, LOWEST), HIGHEST);
    const finite = drifts.map(([, value]) => inside(value)).filter(Number.isFinite);
    const low = Math.min(...finite, 1e-1), high = Math.max(...finite, 1);
    this.#plot.axes([4, 560], [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))]);
    this.#plot.line(drifts.map(([count, value]) => [count, inside(value)]), "p1");
    if (Number.isFinite(drift)) this.#plot.dot(this.#steps, inside(drift), "now p1");
  }

  describe() {
    return this.#words;
  }
}
