// Lesson 2: two points that are to change places, on a line and, with an added number, in the plane.

import { svgElement } from "../kit/dom.js";
import { Plot } from "./plot.js";
import { TABLEAUS, solveFixed } from "./runge_kutta.js";

// By the numbers in a state. f and its exact flow; starts; half: half of the plane that is seen.
const SPACES = {
  1: {
    f: (t, h, d) => (d[0] = -2 * h[0]),
    exact: ([x], t) => [x * Math.exp(-2 * t)],
    starts: [[1], [-1]],
    half: [1.9, 1.425],
  },
  2: {
    f: (t, h, d) => {
      d[0] = -Math.PI * h[1];
      d[1] = Math.PI * h[0];
    },
    exact: ([x], t) => [x * Math.cos(Math.PI * t), x * Math.sin(Math.PI * t)],
    starts: [[1, 0], [-1, 0]],
    half: [2.4, 1.8],
  },
};
const [LEFT, RIGHT] = [-1.6, 1.6]; // where t = 0 and t = 1 stand, of one number over t
const PARTS = 64; // of the exact curves
const COUNTS = Array.from({ length: 64 }, (_, i) => i + 1);

export class SwapFigure {
  #board;
  #numbers = "1"; // in a state
  #count = 1;
  #controls;
  #statePlot = new Plot({ xName: "depth t", yName: "x of the points", tall: true });
  #endPlot = new Plot({ xName: "layers N", yName: "x at the end, from 1", log: "x" });

  constructor(board) {
    const { controls } = (this.#board = board);
    this.#controls = {
      numbers: controls.choice("numbers", "Numbers in a state", { 1: "One number", 2: "One added" },
        (numbers) => this.#choose(numbers)),
      count: controls.slider("count", "Layers N", [0, 6, 0.01],
        (power) => (this.#count = Math.round(2 ** power)), () => `${this.#count}`, true),
    };
    board.more.append(this.#statePlot.svg, this.#endPlot.svg);
  }

  set({ numbers = "1", count = 1 }) {
    this.#count = count;
    this.#controls.count.show(Math.log2(count));
    this.#choose(numbers);
  }

  get #space() {
    return SPACES[this.#numbers];
  }

  #choose(numbers) {
    this.#numbers = numbers;
    this.#controls.numbers.show(numbers);
    const { f, half } = this.#space, slope = [0];
    this.#board.stage.show(numbers === "2" ? f : (t, point, d) => {
      f(t, [point[1]], slope);
      d[0] = RIGHT - LEFT;
      d[1] = slope[0];
    }, half);
  }

  // Where a state at a time is in the plane: of one number, over the time.
  #point(t, state) {
    return this.#numbers === "2" ? state : [LEFT + t * (RIGHT - LEFT), state[0]];
  }

  #layers(start, count) {
    const { steps } = solveFixed(this.#space.f, start, 1, count, TABLEAUS.euler);
    return [[0, start], ...steps.map(({ to, end }) => [to, end])];
  }

  #exact(start) {
    return Array.from({ length: PARTS + 1 }, (_, i) => [i / PARTS, this.#space.exact(start, i / PARTS)]);
  }

  draw() {
    const { stage } = this.#board, layer = stage.layer("paths");
    layer.replaceChildren();
    this.#statePlot.axes([0, 1], [-1.5, 1.5]);
    this.#space.starts.forEach((start, i) => {
      const exact = this.#exact(start), layers = this.#layers(start, this.#count);
      const points = layers.map(([t, state]) => this.#point(t, state));
      svgElement("path", { d: stage.line(exact.map(([t, state]) => this.#point(t, state))), class: "exact" }, layer);
      svgElement("path", { d: stage.line(points), class: `path p${i}` }, layer);
      for (const point of points.slice(1)) stage.dot(layer, point, { r: 3.6, class: `dot p${i}` });
      stage.dot(layer, points[0], { r: 7, class: `dot p${i}` });
      this.#statePlot.line(exact.map(([t, [x]]) => [t, x]), "exact");
      this.#statePlot.line(layers.map(([t, [x]]) => [t, x]), `p${i}`);
    });
    if (this.#numbers === "1") this.#labelTime(layer);
    const [start] = this.#space.starts, [goal] = this.#space.exact(start, 1);
    const end = (count) => this.#layers(start, count).at(-1)[1][0];
    this.#endPlot.axes([1, 70], [-1.5, 1.5]);
    this.#endPlot.line([[1, goal], [70, goal]], "exact");
    this.#endPlot.line(COUNTS.map((count) => [count, end(count)]), "p0");
    this.#endPlot.dot(this.#count, end(this.#count), "now p0");
  }

  #labelTime(layer) {
    for (const t of [0, 1]) {
      const [x] = this.#board.stage.pixel(this.#point(t, [0])), height = this.#board.stage.height;
      svgElement("line", { x1: x, x2: x, y1: 0, y2: height, class: "rail" }, layer);
      svgElement("text", { x: x + (t ? -8 : 8), y: height - 12, "text-anchor": t ? "end" : "start" }, layer)
        .textContent = `t = ${t}`;
    }
  }

  describe() {
    const [start] = this.#space.starts, [x] = this.#layers(start, this.#count).at(-1)[1];
    const [goal] = this.#space.exact(start, 1), count = this.#count;
    return `${count} ${count > 1 ? "layers take" : "layer takes"} the point at 1 to x = ${x.toFixed(2)}; ` +
      `the flow takes it to ${goal.toFixed(2)}.`;
  }
}
