// Move through one solve: any depth of it is drawn at once. Nothing here asks the server anything; it is only told
// where a person came to rest, so that a link can hold the view.

import { placeAtPixel } from "../kit/canvas.js";
import { cssColour } from "../kit/colours.js";
import { elements, setText } from "../kit/dom.js";
import { FrameQueue, RestTimer } from "../kit/input.js";
import { mount } from "../kit/mount.js";
import { readView, writeView } from "./address.js";
import { ErrorCurve } from "./error_curve.js";
import { Guide } from "./guide.js";
import { listen, updateButtons } from "./input.js";
import { Painter } from "./painter.js";
import { Pins } from "./pins.js";
import { Playback } from "./playback.js";
import { SidePanel } from "./side_panel.js";
import { Solve, unpackSolve } from "./solve.js";
import { MOST_PINS, State } from "./state.js";

const FIRST_TIME = 0.3; // of T
const TIMES_PER_UNIT = 10_000; // where a person can stop: the address holds these times exactly
const NARROW = 640; // as in the stylesheet: drawers that are not needed at once begin closed

class Scrubber {
  root;
  find; // the first part of the document that fits a selector
  state = Object.assign(new State(), readView());
  solve = null; // the one that is shown; null before the first
  curve = null;
  playback;
  #solveId = null; // of the solve that was sent last
  #setStateValue;
  #painter;
  #pins;
  #sidePanel;
  #guide;
  #rest;
  #frames;

  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.#frames = new FrameQueue(() => this.solve && this.draw());
    this.#rest = new RestTimer(this.find(".board"), () => this.solve && this.#report());
    this.playback = new Playback(this.state, () => {
      this.draw();
      if (!this.playback.running) this.#settle();
    });
    this.#pins = new Pins(root, (pixel) => this.unpin(pixel));
    this.#sidePanel = new SidePanel(root, this.state, (changes) => {
      Object.assign(this.state, changes);
      this.#frames.request();
    });
    this.#guide = new Guide(this);
    listen(this);
    if (innerWidth < NARROW) for (const name of ["view", "facts"]) this.find(`.${name}`).open = false;
    new ResizeObserver(() => this.curve?.resize()).observe(this.find(".curve"));
  }

  // A message of the server: nothing is new in it but, perhaps, the solve.
  update(data, setStateValue) {
    this.#setStateValue = setStateValue;
    if (this.#solveId !== data.id) this.#load(data).catch((error) => this.#fail(error));
  }

  // Take in a solve. The picture of before stays until the new one is ready.
  async #load(data) {
    this.#solveId = data.id;
    this.curve?.stopTracing();
    const unpacked = await unpackSolve(data);
    if (this.#solveId !== data.id) return; // another was sent meanwhile
    const { state } = this, before = this.solve, solve = new Solve(data, unpacked);
    const otherPicture = before !== null && before.data.picture !== data.picture;
    const dropped = otherPicture && state.pins.length > 0;
    this.solve = solve;
    state.time = Math.min(state.time ?? FIRST_TIME * data.until, data.until);
    state.pins = otherPicture ? [] : state.pins.filter(([x, y]) => x < data.width && y < data.height);
    if (!solve.truth && state.show === "errors") state.show = "labels";
    if (state.held >= data.names.length) state.held = state.single = null;
    for (const image of this.root.querySelectorAll(".pane img")) image.src = data.photo;
    document.documentElement.style.setProperty("--aspect", data.width / data.height); // the page is laid out by it too
    this.#painter = new Painter(this.find("canvas"), data);
    this.#sidePanel.load(solve);
    this.#guide.load(data);
    this.#drawTicks();
    this.#arrange();
    this.#pins.load(solve, state.pins, state.time);
    const lines = [{ key: "final", name: "vs. final result" }];
    if (solve.truth) lines.unshift({ key: "truth", name: "vs. truth" });
    this.curve = new ErrorCurve(this.find(".curve"), lines, data.until);
    this.draw();
    this.#describe();
    this.find(".board").setAttribute("aria-busy", "false");
    this.curve.trace((time) => solve.errorsAt(time), () => this.draw()); // which counts for the present time again
    if (dropped) this.#rest.restart();
  }

  // A browser that cannot: say so, and where the same content is drawn by the server.
  #fail(error) {
    const board = this.find(".board"), [words, link] = elements("p", "a");
    const address = new URL(location);
    address.searchParams.set("plain", "true");
    link.href = address;
    link.textContent = "Open the plain player";
    words.className = "failed";
    words.append(`This browser could not draw the solve (${error.message}). `, link, ", which the server draws.");
    board.replaceChildren(words);
    board.setAttribute("aria-busy", "false");
  }

  // Marks along the slider where the solver stepped.
  #drawTicks() {
    const { steps, until } = this.solve.data, ticks = elements(...steps.map(() => "i"));
    ticks.forEach((tick, i) => tick.style.setProperty("--at", steps[i] / until));
    this.find(".ticks").replaceChildren(...ticks);
    this.find(".track input").max = until;
  }

  // Layout, colours and opacity as they are chosen.
  #arrange() {
    const { state } = this, { layout, show, opacity, divide } = state, board = this.find(".board");
    Object.assign(board.dataset, { layout, show });
    board.style.setProperty("--opacity", opacity);
    board.style.setProperty("--divide", divide);
    this.find(".divider").setAttribute("aria-valuenow", Math.round(100 * divide));
    this.find("[name=opacity]").value = opacity;
    this.find("[name=hatch]").checked = state.hatch;
    this.find(".scale").hidden = show !== "confidence";
    this.find("[data-choice=show] [value=errors]").disabled = !this.solve?.truth;
    for (const radio of this.root.querySelectorAll(".choice input")) radio.checked = state[radio.name] === radio.value;
  }

  // Everything that changes with time.
  draw() {
    const { state, solve } = this, { time } = state;
    const errors = solve.setTime(time), slider = this.find(".track input"), words = this.#summary(errors);
    this.#painter.paint(solve, state);
    slider.value = time;
    this.find(".rail").style.backgroundSize = `${(100 * time) / solve.data.until}% 100%`;
    slider.setAttribute("aria-valuetext", words);
    setText(this.find(".badge"), words);
    this.curve.setTime(time, errors);
    this.#sidePanel.setTime(time);
    this.#guide.setTime(time);
    this.#pins.setTime(time);
    if (state.pointed) this.point(state.pointed);
  }

  get timeName() {
    return this.state.time.toFixed(2);
  }

  #summary({ truth, final }) {
    const name = `t = ${this.timeName}`;
    return truth === undefined
      ? `${name} · ${(100 - final).toFixed(1)} % agreement with its final result`
      : `${name} · mIoU ${(100 - truth).toFixed(1)}`;
  }

  // The picture in words, for those who do not see it.
  #describe() {
    const { data, flow, finalScores } = this.solve, pixels = flow.labels.length;
    const counts = data.names.map((name, id) => [finalScores.predicted[id] / pixels, name]);
    const largest = counts.sort((a, b) => b[0] - a[0]).slice(0, 4).filter(([share]) => share > 0.005);
    const words = largest.map(([share, name]) => `${name} ${(100 * share).toFixed(0)} %`).join(", ");
    const keys = "Arrow keys move a cursor over it, Enter pins a pixel.";
    const seen = `${data.title}, segmented at t = ${this.timeName}`;
    this.find(".over").setAttribute("aria-label", `${seen}: ${words}. ${keys}`);
    return words;
  }

  // The picture: name the class of a pixel, or of none; pin one, or take its pin away.

  point(pixel) {
    const { state, solve } = this, { data } = solve, tip = this.find(".tip");
    state.pointed = pixel;
    tip.hidden = !pixel;
    if (!pixel) return;
    const [x, y] = pixel, shares = solve.flow.probabilities(x, y, state.time), id = shares.indexOf(Math.max(...shares));
    tip.textContent = `${data.names[id]} ${(100 * shares[id]).toFixed(0)} %`;
    tip.style.setProperty("--ink", cssColour(data.palette[id]));
    placeAtPixel(tip, pixel, data);
    tip.classList.toggle("left", x > 0.7 * data.width);
    tip.classList.toggle("below", y < 0.12 * data.height);
  }

  pin(pixel) {
    this.#showPins([...this.state.pins, pixel].slice(-MOST_PINS));
  }

  unpin(pixel) {
    this.#showPins(this.state.pins.filter((other) => other !== pixel));
  }

  #showPins(pins) {
    this.state.pins = pins;
    this.#pins.show(pins, this.state.time);
    this.#rest.restart();
  }

  // Time: what plays stops as soon as a person moves it.

  togglePlay() {
    if (this.playback.running) this.pause();
    else this.playback.start(this.solve.data.until);
    updateButtons(this);
  }

  pause() {
    if (!this.playback.running) return;
    this.playback.stop();
    this.#settle();
  }

  // Nothing plays any more.
  #settle() {
    updateButtons(this);
    this.#setTime(this.#reachable(this.state.time));
    this.#guide.rest();
  }

  moveTo(time) {
    this.pause();
    this.#setTime(this.#reachable(time));
  }

  // To the solver's next step, or the one before: direction is 1 or -1.
  step(direction) {
    const { steps, until } = this.solve.data, near = 1e-6 * until, { time } = this.state;
    const next = direction > 0 ? steps.find((t) => t > time + near) : steps.findLast((t) => t < time - near);
    this.pause();
    this.#setTime(next ?? (direction > 0 ? until : 0));
  }

  #setTime(time) {
    this.state.time = Math.min(Math.max(time, 0), this.solve.data.until);
    this.#frames.request();
    this.#rest.restart();
  }

  // The nearest time where a person can stop; the end is one, whatever its digits.
  #reachable(time) {
    const { until } = this.solve.data;
    return until - time < 1 / TIMES_PER_UNIT ? until : Math.round(time * TIMES_PER_UNIT) / TIMES_PER_UNIT;
  }

  // Change the state, and everything that shows it.
  change(changes) {
    Object.assign(this.state, changes);
    this.#arrange();
    this.#frames.request();
    this.#rest.restart();
  }

  // A person came to rest: the address, the server and whoever listens learn where.
  #report() {
    const view = writeView(this.state);
    this.find(".spoken").textContent = `${this.find(".badge").textContent}: ${this.#describe()}`;
    this.#setStateValue("place", view);
  }
}

export default mount(Scrubber);
