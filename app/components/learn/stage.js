// The plane that everything happens on: streaks of the field on a canvas, and above it an SVG for paths and handles,
// which stay sharp in print and can be reached by keyboard.

import { svgElement } from "../kit/dom.js";
import { arrowDirection } from "../kit/input.js";
import { Random } from "./random.js";
import { placeInWords } from "./words.js";

const STREAKS = 520, TAIL = 14; // how many, and places each remembers
const FASTEST = 2.4; // pixels a frame
const LIFE = 150; // frames until a streak begins elsewhere
const LAYERS = ["under", "paths", "handles"];

export class Stage {
  host;
  svg;
  canvas;
  width = 600;
  height = 450;
  half = [2, 1.5]; // half the width and height of the plane that are seen
  #field = null;
  #fastest = 1;
  #ink;
  #colour = "#888";
  #x = new Float32Array(STREAKS * TAIL);
  #y = new Float32Array(STREAKS * TAIL);
  #age = new Float32Array(STREAKS);
  #random = new Random(5);
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #seen = true;

  // host: holds a canvas and an svg, one over the other. onResize: draws anew what stands on it.
  constructor(host, onResize) {
    this.host = host;
    this.canvas = host.querySelector("canvas");
    this.svg = host.querySelector("svg");
    new IntersectionObserver(([entry]) => (this.#seen = entry.isIntersecting)).observe(host);
    new ResizeObserver(() => {
      if (!host.clientWidth) return;
      this.#fit();
      onResize();
    }).observe(host);
    this.#fit();
  }

  #fit() {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    this.width = this.host.clientWidth || 600;
    this.height = this.host.clientHeight || 450;
    this.canvas.width = this.width * ratio;
    this.canvas.height = this.height * ratio;
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.#ink = this.canvas.getContext("2d");
    this.#ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#scatter();
  }

  // Whether anybody can see it.
  get seen() {
    return this.#seen;
  }

  // Take everything off it.
  clear() {
    this.svg.replaceChildren();
    this.#field = null;
    this.#ink.clearRect(0, 0, this.width, this.height);
    this.canvas.style.opacity = 1;
    for (const name of ["--picture", "--zoom", "--shade"]) this.host.style.removeProperty(name);
  }

  // The pixel [x, y] of a point of the plane.
  pixel(point) {
    return [
      this.width * (0.5 + point[0] / (2 * this.half[0])),
      this.height * (0.5 - point[1] / (2 * this.half[1])),
    ];
  }

  #pointUnder(event) {
    const box = this.host.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width, along = (event.clientY - box.top) / box.height;
    return [(2 * across - 1) * this.half[0], (1 - 2 * along) * this.half[1]];
  }

  #inside(point) {
    return point.map((value, i) => Math.min(Math.max(value, -0.96 * this.half[i]), 0.96 * this.half[i]));
  }

  // Show a field. f(t, y, d) writes the derivative of y into d.
  show(f, half) {
    this.#field = f;
    this.half = half;
    this.measure();
    this.#scatter();
  }

  // Find how fast the field is at its fastest, at t = 0 in what is seen.
  measure() {
    const slope = [0, 0];
    this.#fastest = 1e-9;
    for (let i = 0; i < 400; i++) {
      const across = (2 * (i % 20)) / 19 - 1, along = (2 * Math.floor(i / 20)) / 19 - 1;
      this.#field(0, [across * this.half[0], along * this.half[1]], slope);
      this.#fastest = Math.max(this.#fastest, Math.hypot(...slope));
    }
  }

  // See more or less of the plane; the streaks keep their places on the screen.
  zoom(half) {
    const factor = half[0] / this.half[0];
    if (Math.abs(factor - 1) < 1e-3) return;
    this.half = half;
    for (let i = 0; i < this.#x.length; i++) {
      this.#x[i] *= factor;
      this.#y[i] *= factor;
    }
  }

  #scatter() {
    const random = new Random(11);
    for (let i = 0; i < STREAKS; i++) this.#restart(i, random, Math.floor(LIFE * random.uniform()));
    if (!this.#field) return;
    for (let frame = 0; frame < TAIL; frame++) this.#advance(0); // tails to begin with: also what a still shows
    this.#paint();
  }

  #restart(i, random, age) {
    const x = (2 * random.uniform() - 1) * this.half[0], y = (2 * random.uniform() - 1) * this.half[1];
    this.#x.fill(x, i * TAIL, (i + 1) * TAIL);
    this.#y.fill(y, i * TAIL, (i + 1) * TAIL);
    this.#age[i] = age;
  }

  // One frame: each streak goes the field's way, by a distance that grows with the root of its speed.
  #advance(t) {
    const x = this.#x, y = this.#y, point = [0, 0], slope = [0, 0], unit = (2 * this.half[0]) / this.width;
    for (let i = 0; i < STREAKS; i++) {
      const at = i * TAIL;
      x.copyWithin(at + 1, at, at + TAIL - 1);
      y.copyWithin(at + 1, at, at + TAIL - 1);
      point[0] = x[at];
      point[1] = y[at];
      this.#field(t, point, slope);
      const speed = Math.hypot(slope[0], slope[1]);
      const length = speed && (unit * FASTEST * Math.sqrt(speed / this.#fastest)) / speed;
      x[at] += length * slope[0];
      y[at] += length * slope[1];
      const out = Math.abs(x[at]) > 1.05 * this.half[0] || Math.abs(y[at]) > 1.05 * this.half[1];
      if (++this.#age[i] > LIFE || out) this.#restart(i, this.#random, LIFE * 0.2 * this.#random.uniform());
    }
  }

  #paint() {
    const ink = this.#ink, x = this.#x, y = this.#y;
    ink.clearRect(0, 0, this.width, this.height);
    ink.strokeStyle = this.#colour;
    ink.lineCap = "round";
    const across = this.width / (2 * this.half[0]), along = this.height / (2 * this.half[1]);
    for (let k = 0; k < TAIL - 1; k++) {
      const fresh = 1 - k / (TAIL - 1);
      ink.globalAlpha = 0.15 * fresh;
      ink.lineWidth = 0.5 + 1.5 * fresh;
      ink.beginPath();
      for (let i = 0; i < STREAKS; i++) {
        const at = i * TAIL + k;
        ink.moveTo(this.width / 2 + x[at] * across, this.height / 2 - y[at] * along);
        ink.lineTo(this.width / 2 + x[at + 1] * across, this.height / 2 - y[at + 1] * along);
      }
      ink.stroke();
    }
    ink.globalAlpha = 1;
  }

  // A frame of the streaks at time t, unless nobody sees it or motion is not wanted. colour: of the text around it.
  flow(t, colour) {
    if (!this.#field || !this.#seen) return;
    const repaint = colour !== this.#colour;
    this.#colour = colour;
    if (!this.#still.matches) this.#advance(t);
    else if (!repaint) return;
    this.#paint();
  }

  // A layer of the SVG, from the lowest: "under", "paths", "handles".
  layer(name) {
    for (const each of LAYERS)
      if (!this.svg.querySelector(`.${each}`)) svgElement("g", { class: each }, this.svg);
    return this.svg.querySelector(`.${name}`);
  }

  // The `d` of an SVG path through points of the plane, as far as they are numbers and near.
  line(points) {
    const near = (value, size) => Math.min(Math.max(value, -2 * size), 3 * size);
    let drawn = "";
    for (const point of points) {
      const [x, y] = this.pixel(point);
      if (!Number.isFinite(x + y)) continue;
      drawn += `${drawn ? "L" : "M"}${near(x, this.width).toFixed(1)} ${near(y, this.height).toFixed(1)}`;
    }
    return drawn;
  }

  // A dot at a point of the plane, on a layer; none where that is far outside.
  dot(layer, point, attributes) {
    const [x, y] = this.pixel(point);
    if (Math.abs(x) < 4000 && Math.abs(y) < 4000) svgElement("circle", { cx: x, cy: y, ...attributes }, layer);
  }

  // A point that a pointer or the arrow keys can move. onMove: called with where it is then. Returns what puts it
  // somewhere else.
  handle(name, point, onMove, className = "") {
    const attributes = { class: `handle ${className}`, tabindex: 0, role: "slider", "aria-label": name };
    const group = svgElement("g", attributes, this.layer("handles"));
    svgElement("circle", { class: "halo", r: 17 }, group);
    svgElement("circle", { class: "knob", r: 8.5 }, group);
    const place = (where) => {
      point = where;
      group.setAttribute("transform", `translate(${this.pixel(where).map((value) => value.toFixed(1)).join(" ")})`);
      for (const [key, value] of [["min", -this.half[0]], ["max", this.half[0]], ["now", where[0]]])
        group.setAttribute(`aria-value${key}`, value.toFixed(2));
      group.setAttribute("aria-valuetext", placeInWords(where));
    };
    const go = (where) => {
      place(this.#inside(where));
      onMove(point);
    };
    group.onpointerdown = (event) => {
      group.setPointerCapture(event.pointerId);
      event.preventDefault();
      group.focus({ preventScroll: true });
    };
    group.onpointermove = (event) => group.hasPointerCapture(event.pointerId) && go(this.#pointUnder(event));
    group.addEventListener("keydown", (event) => {
      const direction = arrowDirection(event.key);
      if (!direction) return;
      const length = (event.shiftKey ? 0.1 : 0.02) * this.half[0];
      go([point[0] + length * direction[0], point[1] - length * direction[1]]);
      event.preventDefault();
    });
    place(point);
    return place;
  }
}
