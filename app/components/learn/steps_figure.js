// Lesson 3, "be the solver": place the ends of six RK4 steps through the whirlpool, against equal steps and dopri5.

import { elements, setText, svgElement } from "../kit/dom.js";
import { arrowDirection, onDrag } from "../kit/input.js";
import { FIELDS } from "./fields.js";
import { TABLEAUS, distance, interpolate, pointsAlong, solveAdaptive, solveFixed } from "./runge_kutta.js";
import { drawSolve } from "./solve_drawing.js";
import { SolverTable } from "./solver_table.js";
import { counted, roughly } from "./words.js";

const FIELD = FIELDS.whirl, UNTIL = FIELD.until;
const STEPS = 6;
const SMALLEST = 0.02; // step
const NAMES = { rk4: "You", heun: "RK4, equal steps", dopri5: "dopri5" }; // by the colour of each
const LEFT = 78, RIGHT = 14, HEIGHT = 44, MIDDLE = 20; // pixels of the strip

export class StepsFigure {
  #board;
  #start;
  #ends; // of the steps, 0 first
  #place = null;
  #pegs = [];
  #reference;
  #table = new SolverTable(NAMES);
  #verdict;
  #rail;
  #strip = svgElement("svg", { class: "strip", height: HEIGHT, role: "group", "aria-label": "Your steps" });

  constructor(board) {
    this.#board = board;
    [this.#verdict] = elements("p");
    this.#verdict.className = "count";
    board.controls.button("Equal steps again", () => this.#reset());
    board.more.append(this.#table.node, this.#verdict);
    board.under.prepend(this.#strip);
    this.#buildStrip();
    board.stage.show(FIELD.f, FIELD.view);
  }

  set() {
    this.#start = FIELD.starts[0];
    this.#reset();
  }

  #reset() {
    this.#ends = Array.from({ length: STEPS + 1 }, (_, i) => (UNTIL * i) / STEPS);
  }

  // The exact state at a time.
  #exact(t) {
    const { steps, tableau } = this.#reference, step = steps.find(({ to }) => t <= to) ?? steps.at(-1);
    return interpolate(step, Math.min((t - step.from) / (step.to - step.from), 1), tableau);
  }

  // The largest error at the ends of a solve's steps.
  #largestError({ steps }) {
    return Math.max(...steps.map(({ to, end }) => distance(end, this.#exact(to))));
  }

  #solve() {
    const { f } = FIELD, rk4 = (grid) => solveFixed(f, this.#start, UNTIL, grid, TABLEAUS.rk4);
    this.#reference = solveAdaptive(f, this.#start, UNTIL, { rtol: 1e-9, atol: 1e-11 });
    const own = rk4(this.#ends);
    // The loosest tolerance at which dopri5 takes at least as many evaluations.
    let dopri5;
    for (let rtol = 0.3; rtol > 1e-4 && !(dopri5?.nfe >= own.nfe); rtol *= 0.8)
      dopri5 = solveAdaptive(f, this.#start, UNTIL, { rtol });
    return { rk4: own, heun: rk4(STEPS), dopri5 };
  }

  draw() {
    const { stage } = this.#board, layer = stage.layer("paths"), solves = this.#solve();
    layer.replaceChildren();
    const reference = pointsAlong(this.#reference, 2).map(([, state]) => state);
    svgElement("path", { d: stage.line(reference), class: "exact" }, layer);
    for (const name of ["heun", "rk4"]) drawSolve(stage, layer, solves[name], name, 8);
    this.#place ??= stage.handle("Start", this.#start, (point) => {
      this.#start = point;
      this.#board.request();
    });
    this.#place(this.#start);
    const errors = {};
    for (const [name, solve] of Object.entries(solves)) {
      errors[name] = this.#largestError(solve);
      this.#table.show(name, `${counted(solve.steps.length, "step")}, ${solve.nfe} ev.`, roughly(errors[name]));
    }
    const times = errors.heun / errors.rk4;
    const words = times >= 1 ? `${times.toFixed(1)} times smaller than` : `${(1 / times).toFixed(1)} times larger than`;
    const same = Math.abs(times - 1) < 0.005 ? "the same as" : words;
    setText(this.#verdict, `The largest error at the end of a step. Yours is ${same} with equal steps.`);
    this.#placePegs();
  }

  #buildStrip() {
    this.#rail = svgElement("line", { x1: LEFT, y1: MIDDLE, y2: MIDDLE, class: "rail" }, this.#strip);
    const name = { x: LEFT - 12, y: MIDDLE + 4, "text-anchor": "end", class: "name rk4" };
    svgElement("text", name, this.#strip).textContent = "Your steps";
    this.#pegs = Array.from({ length: STEPS + 1 }, (_, i) => {
      const inner = i > 0 && i < STEPS;
      const role = inner ? { tabindex: 0, role: "slider", "aria-label": `End of step ${i}` } : {};
      const peg = svgElement("g", { class: inner ? "peg" : "peg end", ...role }, this.#strip);
      svgElement("circle", { class: "halo", r: 15 }, peg);
      svgElement("rect", { x: -4, y: -12, width: 8, height: 24, rx: 4 }, peg);
      if (inner) this.#makeMovable(peg, i);
      return peg;
    });
  }

  #makeMovable(peg, i) {
    const go = (time) => {
      const [low, high] = [this.#ends[i - 1] + SMALLEST, this.#ends[i + 1] - SMALLEST];
      this.#ends[i] = Math.min(Math.max(time, low), high);
      this.#board.request();
    };
    onDrag(peg, (event) => {
      const box = this.#strip.getBoundingClientRect();
      go(((event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT)) * UNTIL);
    });
    peg.addEventListener("keydown", (event) => {
      const direction = arrowDirection(event.key);
      if (!direction) return;
      go(this.#ends[i] + (event.shiftKey ? 0.1 : 0.02) * (direction[0] || -direction[1]));
      event.preventDefault();
    });
  }

  #placePegs() {
    const width = this.#strip.clientWidth || 600, x = (t) => LEFT + (t / UNTIL) * (width - LEFT - RIGHT);
    this.#strip.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.#rail.setAttribute("x2", x(UNTIL));
    this.#pegs.forEach((peg, i) => {
      peg.setAttribute("transform", `translate(${x(this.#ends[i]).toFixed(1)} ${MIDDLE})`);
      if (!peg.hasAttribute("role")) return;
      const values = { valuemin: 0, valuemax: UNTIL, valuenow: this.#ends[i].toFixed(2) };
      for (const [key, value] of Object.entries(values)) peg.setAttribute(`aria-${key}`, value);
      peg.setAttribute("aria-valuetext", `t ${this.#ends[i].toFixed(2)}`);
    });
  }

  describe() {
    return this.#verdict.textContent;
  }
}
