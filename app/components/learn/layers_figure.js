// Lesson 1: the layers of a residual network as steps, and what it takes that many small layers become one curve.

import { svgElement } from "../kit/dom.js";
import { Plot } from "./plot.js";
import { LayerWeights, layerField, statesOfLayers } from "./residual_network.js";
import { TABLEAUS, distance, pointsAlong, solveFixed } from "./runge_kutta.js";
import { placeInWords, roughly } from "./words.js";

// Seeds of weights, and a start, whose path bends and stays in sight.
const DRAWS = [
  [22, [-0.6, 0.5]], [3, [0.4, 1.3]], [63, [-0.6, 0.5]], [61, [-1.6, -0.9]], [15, [1.2, -0.8]], [64, [0.4, 1.3]],
  [55, [-0.6, 0.5]],
];
const COUNTS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const FACTORS = { ode: "1 / N", root: "1 / √N", none: "no scaling" };
const VIEW = [3.5, 2.625];
const EXACT_STEPS = 64; // of RK4: an error below 1e-6
const DEPTH_MS = 6000; // in which the streaks go through the depth once
const MOST_DOTS = 96, MOST_STAIRS = 128;

export class LayersFigure {
  count = 4;
  roughness = 0;
  scale = "ode";
  #board;
  #drawn = 0;
  #weights;
  #start;
  #exact; // the solution of the ODE, as [t, state]
  #place = null;
  #statePlot = new Plot({ xName: "depth t", yName: "x of the state", tall: true });
  #endPlot = new Plot({ xName: "layers N", yName: "distance from the ODE's end", log: "xy" });
  #controls;

  constructor(board) {
    this.#board = board;
    const { controls } = board;
    this.#controls = {
      scale: controls.choice("scale", "Factor of each layer", FACTORS, (name) => (this.scale = name)),
      count: controls.slider("count", "Layers N", [0, 8, 0.01],
        (power) => (this.count = Math.max(1, Math.round(2 ** power))), () => `${this.count}`),
      roughness: controls.slider("roughness", "Weights", [0, 1, 0.01],
        (value) => (this.roughness = value < 0.02 ? 0 : value), () => this.#weightsInWords()),
    };
    controls.button("Other weights", () => this.#take((this.#drawn + 1) % DRAWS.length));
    board.more.append(this.#statePlot.svg, this.#endPlot.svg);
  }

  set(view) {
    this.#take(view.draw ?? 0);
    Object.assign(this, { count: 4, roughness: 0, scale: "ode" }, view);
    this.#controls.count.show(Math.log2(this.count));
    this.#controls.roughness.show(this.roughness);
    this.#controls.scale.show(this.scale);
  }

  // The streaks show the field of the smooth weights, which changes with depth.
  get time() {
    return (performance.now() / DEPTH_MS) % 1;
  }

  #take(index) {
    const [seed, start] = DRAWS[index];
    this.#drawn = index;
    this.#weights = new LayerWeights(seed);
    let depth = 0, weights = this.#weights.smooth(0);
    this.#board.stage.show((t, h, slope) => {
      if (t !== depth) weights = this.#weights.smooth((depth = t));
      layerField(weights, h, slope);
    }, VIEW);
    this.#go(start);
    this.#place?.(start);
  }

  #go(start) {
    const f = (t, h, slope) => layerField(this.#weights.smooth(t), h, slope);
    this.#start = start;
    this.#exact = pointsAlong(solveFixed(f, start, 1, EXACT_STEPS, TABLEAUS.rk4), 2);
  }

  #weightsInWords() {
    if (this.roughness === 0) return "smooth in depth";
    return this.roughness > 0.98 ? "independent" : `${Math.round(100 * this.roughness)} % independent`;
  }

  #states(count) {
    return statesOfLayers(this.#weights, this.#start, count, this.scale, this.roughness);
  }

  #distance(count) {
    return distance(this.#states(count).at(-1), this.#exact.at(-1)[1]);
  }

  draw() {
    const { stage } = this.#board, states = this.#states(this.count), layer = stage.layer("paths");
    layer.replaceChildren();
    stage.canvas.style.opacity = 1 - 0.8 * this.roughness; // independent weights have no such field
    svgElement("path", { d: stage.line(this.#exact.map(([, state]) => state)), class: "exact" }, layer);
    svgElement("path", { d: stage.line(states), class: "path rk4" }, layer);
    if (this.count <= MOST_DOTS)
      for (const state of states.slice(1))
        stage.dot(layer, state, { r: this.count > 40 ? 2.2 : 3.6, class: "dot rk4" });
    this.#place ??= stage.handle("Start", this.#start, (point) => {
      this.#go(point);
      this.#board.request();
    });
    this.#place(this.#start);
    this.#drawPlots(states);
  }

  #drawPlots(states) {
    const plot = this.#statePlot, xs = [...states, ...this.#exact.map(([, state]) => state)].map(([x]) => x);
    plot.axes([0, 1], [Math.max(Math.min(...xs), -9) - 0.2, Math.min(Math.max(...xs), 9) + 0.2]);
    plot.line(this.#exact.map(([t, [x]]) => [t, x]), "exact");
    plot.line(states.map(([x], i) => [i / this.count, x]), "rk4", this.count <= MOST_STAIRS);
    const ends = COUNTS.map((count) => [count, this.#distance(count)]), far = ends.map(([, value]) => value);
    const power = (value, round) => 10 ** round(Math.log10(value));
    this.#endPlot.axes([1, 300],
      [power(Math.min(...far, 0.1), Math.floor), power(Math.max(...far, 1), Math.ceil)]);
    this.#endPlot.line(ends, "rk4");
    this.#endPlot.dot(this.count, this.#distance(this.count), "now rk4");
  }

  describe() {
    return `${this.count} layers with factor ${FACTORS[this.scale]}, weights ${this.#weightsInWords()}, from ` +
      `${placeInWords(this.#start)}: the end is ${roughly(this.#distance(this.count))} from the end of the ODE.`;
  }
}
