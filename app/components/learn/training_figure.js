// Lesson 4: a neural ODE learns two classes. Its field, the points as they flow, and where a start has to lie to end on
// either side of the straight line that reads the end.

import { elements, setText, svgElement } from "../kit/dom.js";
import { Plot } from "./plot.js";
import { POINT_SETS } from "./point_sets.js";
import { GRID, HALF, TRAINER } from "./trainer.js";
import { COUNT, MOST_STEPS, Training } from "./training.js";
import { counted, roughly } from "./words.js";

const SIZES = { 2: "Two numbers a state", 3: "One added" };
const SOLVERS = {
  drawn: "RK4, 3 to 6 steps", midpoint: "Midpoint, 4 steps", two: "Euler, 2 steps", one: "Euler, 1 step",
};
const ANSWERS = { trained: "as trained", twice: "twice the steps", fine: "RK4, 24 steps" };
const USUAL = { points: "moons", solver: "drawn", size: 2, seed: 1 };
const TRAILS = 40; // points with a trail
const TILT = 0.35; // how much an added number lifts a point
const MOST_ZOOM = 60;
const LARGEST_GAP = 0.03; // between answers that are called alike
const FEW_STEPS = 40; // of training: too few to judge answers
const LOWEST = 1e-3; // loss that the curve's axis begins with
const CURVE = 240; // points of the curve of losses

export class TrainingFigure {
  #board;
  #training; // its network holds the weights the worker posted last
  #share = 0; // of the depth
  #answer = "trained";
  #running = false;
  #losses = [];
  #right = null;
  #check = null;
  #worker = new Worker(TRAINER, { type: "module" });
  #controls;
  #runButton;
  #words;
  #checkWords;
  #plot = new Plot({ xName: "training steps", yName: "loss", log: "xy" });
  #picture; // of the decision over starts

  constructor(board) {
    const { controls } = (this.#board = board);
    const [row, words, check, picture] = elements("div", "p", "p", "canvas");
    const names = Object.fromEntries(Object.entries(POINT_SETS).map(([key, { name }]) => [key, name]));
    row.className = "row wide";
    board.under.append(row);
    this.#runButton = controls.button("Train", () => this.#run(!this.#running), row);
    this.#runButton.classList.add("main");
    controls.button("One step", () => this.#worker.postMessage({ steps: 1 }), row);
    controls.button("Start again", () => this.#begin({}), row);
    this.#controls = {
      points: controls.choice("points", "Points", names, (points) => this.#begin({ points })),
      size: controls.choice("size", "Numbers in a state", SIZES, (size) => this.#begin({ size: Number(size) })),
      depth: controls.slider("depth", "Depth t", [0, 1, 0.002],
        (share) => (this.#share = share), () => this.#share.toFixed(2), true),
      solver: controls.menu("Trained with", SOLVERS, (solver) => this.#begin({ solver })),
      answer: controls.menu("Answered with", ANSWERS, (answer) => this.#answerWith(answer)),
    };
    [this.#words, this.#checkWords, this.#picture] = [words, check, picture];
    words.className = "count";
    check.className = "check";
    [picture.width, picture.height] = GRID;
    board.more.append(words, this.#plot.svg, check);
    this.#worker.onmessage = ({ data }) => this.#hear(data);
  }

  // What is trained stays trained where a step shows the same.
  set({ share = 0, answer = "trained", running = false, ...changes }) {
    const settings = { ...USUAL, ...changes };
    this.#share = share;
    if (JSON.stringify(settings) !== JSON.stringify(this.#training?.settings)) this.#begin(settings);
    this.#answerWith(answer);
    this.#controls.depth.show(share);
    if (running) this.#run(true);
  }

  close() {
    this.#worker.terminate();
  }

  #begin(changes) {
    const settings = { ...USUAL, ...this.#training?.settings, ...changes };
    this.#training = new Training(settings);
    this.#losses = [];
    this.#right = this.#check = null;
    this.#controls.points.show(settings.points);
    this.#controls.size.show(`${settings.size}`);
    this.#controls.solver.show(settings.solver);
    this.#show(false);
    this.#board.stage.show((t, point, slope) => this.#training.net.slopeAt(point, slope), HALF);
    this.#worker.postMessage({ settings, answer: this.#answer, running: false });
  }

  #answerWith(answer) {
    this.#answer = answer;
    this.#controls.answer.show(answer);
    this.#worker.postMessage({ answer });
  }

  #run(running) {
    this.#show(running);
    this.#worker.postMessage({ running });
  }

  #show(running) {
    this.#running = running;
    setText(this.#runButton, running ? "Pause" : "Train");
  }

  // A message of the worker, unless it is of a training before.
  #hear({ settings, right, losses, running, weights, grid, check }) {
    if (JSON.stringify(settings) !== JSON.stringify(this.#training.settings)) return;
    this.#training.net.weights.set(weights);
    this.#losses.push(...losses);
    this.#right = right;
    if (!running) this.#show(false);
    if (check) this.#check = check;
    if (grid?.answer === this.#answer) this.#shade(grid.probabilities);
    this.#board.stage.measure();
    this.#board.request();
  }

  draw() {
    const { stage } = this.#board, { net, points } = this.#training, solver = this.#training.answering(this.#answer);
    const { size } = net, states = [], layer = stage.layer("paths");
    net.solve(points.points, COUNT, solver, (_, h) => states.push(h.slice(0, COUNT * size)));
    // The points at the depth that is shown, on straight lines between the solver's steps.
    const place = this.#share * solver.steps, step = Math.min(Math.floor(place), solver.steps - 1), part = place - step;
    const between = (i) => states[step][i] + part * (states[step + 1][i] - states[step][i]);
    const state = (b) => Array.from({ length: size }, (_, i) => between(b * size + i));
    const now = Array.from({ length: COUNT }, (_, b) => state(b));
    this.#zoom(now);
    layer.replaceChildren();
    if (size === 2) this.#drawReader(layer);
    if (this.#share > 0.01)
      for (let b = 0; b < TRAILS; b++) {
        const before = states.slice(0, step + 1).map((h) => flat(h.slice(b * size, (b + 1) * size)));
        const line = stage.line([...before, flat(now[b])]);
        svgElement("path", { d: line, class: `trail c${points.labels[b]}` }, layer);
      }
    now.forEach((h, b) => {
      const r = Math.min(Math.max(4.2 + 1.2 * (h[2] ?? 0), 2), 8);
      stage.dot(layer, flat(h), { r, class: `point c${points.labels[b]}` });
    });
    stage.host.style.setProperty("--shade", 1 - this.#share ** 0.7);
    this.#drawLosses();
    setText(this.#words, this.#inWords());
    setText(this.#checkWords, this.#checkInWords());
  }

  // The plane shows what the points need: they move far where that lowers the loss.
  #zoom(states) {
    const far = states.map(([x, y]) => Math.max(Math.abs(x) / HALF[0], Math.abs(y) / HALF[1])).sort((a, b) => a - b);
    const wanted = Math.max(1, 1.08 * far[Math.floor(0.98 * COUNT)]);
    const zoom = Number.isFinite(wanted) ? Math.min(wanted, MOST_ZOOM) : 1;
    this.#board.stage.zoom(HALF.map((length) => zoom * length));
    this.#board.stage.host.style.setProperty("--zoom", 1 / zoom);
  }

  // The line w . h + b = 0, faint until the points are there.
  #drawReader(layer) {
    const { stage } = this.#board, { w: [x, y], b } = this.#training.net.head;
    const square = x * x + y * y || 1, length = (3 * stage.half[0]) / Math.sqrt(square);
    const ends = [-1, 1].map((side) => [(-b * x) / square - side * length * y, (-b * y) / square + side * length * x]);
    const line = svgElement("path", { d: stage.line(ends), class: "reader" }, layer);
    line.style.opacity = 0.15 + 0.85 * this.#share ** 2;
  }

  #shade(probabilities) {
    const ink = this.#picture.getContext("2d"), image = ink.createImageData(...GRID);
    const colours = ["--one", "--two"].map((name) => this.#board.colour(name));
    probabilities.forEach((probability, i) => {
      const sure = Math.abs(2 * probability - 1);
      image.data.set([...colours[probability > 0.5 ? 1 : 0], 26 + 90 * sure], 4 * i);
    });
    ink.putImageData(image, 0, 0);
    this.#board.stage.host.style.setProperty("--picture", `url(${this.#picture.toDataURL()})`);
  }

  #drawLosses() {
    const losses = this.#losses, last = Math.max(losses.length, 10), every = Math.max(1, Math.floor(last / CURVE));
    this.#plot.axes([1, Math.max(20, last)], [10 ** Math.floor(Math.log10(Math.min(...losses, LOWEST))), 1]);
    const curve = losses.map((loss, i) => [i + 1, loss]);
    this.#plot.line(curve.filter((_, i) => i % every === 0 || i === losses.length - 1), "rk4");
  }

  #inWords() {
    if (!this.#losses.length) return "Not trained yet.";
    const done = this.#losses.length >= MOST_STEPS ? ", done" : "";
    return `${counted(this.#losses.length, "training step")}${done} · loss ${roughly(this.#losses.at(-1))} · ` +
      `${Math.round(100 * this.#right)} % of the points right`;
  }

  // Is it an ODE? The same weights, other solvers.
  #checkInWords() {
    if (!this.#check) return "";
    const { trained, twice, fine } = this.#check, percent = (share) => `${Math.round(100 * share)} %`;
    const words = `New points right: ${percent(trained)} as trained, ${percent(twice)} with twice the steps, ` +
      `${percent(fine)} with RK4 in 24 steps.`;
    if (this.#losses.length < FEW_STEPS) return words;
    const gap = Math.max(trained, twice, fine) - Math.min(trained, twice, fine);
    return gap <= LARGEST_GAP
      ? `${words} The answer hardly depends on the solver.`
      : `${words} The answer belongs to the solver, not to the field: these weights are no ODE.`;
  }

  describe() {
    return `${POINT_SETS[this.#training.settings.points].name} at depth ${this.#share.toFixed(2)}. ${this.#inWords()}`;
  }
}

// Where a state is on the plane: an added number lifts it.
function flat(state) {
  return [state[0], state[1] + TILT * (state[2] ?? 0)];
}
