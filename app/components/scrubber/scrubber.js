// Move through one solve: any depth of it is drawn at once. Nothing here asks the server anything; it is only told
// where a person came to rest, so that a link can hold the view.

import { readText, writeSettings } from "../kit/address.js";
import { placeAtPixel } from "../kit/canvas.js";
import { cssColour } from "../kit/colours.js";
import { elements, setText } from "../kit/dom.js";
import { FrameQueue, RestTimer } from "../kit/input.js";
import { mount } from "../kit/mount.js";
import { readView, writeView } from "./address.js";
import { findChange } from "./change_finder.js";
import { Comparison, ComparisonTable } from "./comparison.js";
import { DecidedChart } from "./decided_chart.js";
import { watchDrawer } from "./drawer.js";
import { ErrorCurve } from "./error_curve.js";
import { Guide } from "./guide.js";
import { listen, updateButtons } from "./input.js";
import { drawKey } from "./key.js";
import { Painter } from "./painter.js";
import { Pins } from "./pins.js";
import { Playback } from "./playback.js";
import { Room } from "./room.js";
import { IGNORE } from "./scores.js";
import { SidePanel } from "./side_panel.js";
import { Solve, unpackSolve } from "./solve.js";
import { MOST_PINS, SOURCES, State } from "./state.js";
import { Sweep, timeOf } from "./sweep.js";
import { endName } from "./time_plot.js";

const FIRST_TIME = 0.3; // of T
const TIMES_PER_UNIT = 10_000; // where a person can stop: the address holds these times exactly
const UNLABELLED = [128, 128, 128];
const TOAST_MS = 4000;
const NARROW = 640; // as in the stylesheet: drawers that are not needed at once begin closed

class Scrubber {
  root;
  find; // the first part of the document that fits a selector
  state = Object.assign(new State(), readView());
  solve = null; // the one that is shown; null before the first
  comparison = null; // of it with run A; null where none is held
  curve = null;
  decidedChart = null;
  playback;
  #solveId = null; // of the solve that was sent last
  #setStateValue;
  #painters; // of the left and the right picture
  #sweep = new Sweep();
  #toast = null; // the timer that ends it
  #pins;
  #sidePanel;
  #table;
  #guide;
  #room;
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
      if ("held" in changes) {
        this.state.className = this.solve.data.names[changes.held] ?? "";
        this.#rest.restart();
      }
      this.#arrangeKey();
      this.#frames.request();
    });
    this.#table = new ComparisonTable(this.find(".facts"));
    this.#guide = new Guide(this);
    this.#room = new Room(this);
    listen(this);
    watchDrawer(this.find(".board"));
    const follow = () => (root.isConnected ? this.#follow() : removeEventListener("popstate", follow));
    addEventListener("popstate", follow);
    if (innerWidth < NARROW) for (const name of ["view", "facts"]) this.find(`.${name}`).open = false;
    new ResizeObserver(() => this.curve?.resize()).observe(this.find(".curve"));
    new ResizeObserver(() => this.decidedChart?.resize()).observe(this.find(".decided"));
  }

  // A message of the server: nothing is new in it but, perhaps, the solve.
  update(data, setStateValue) {
    this.#setStateValue = setStateValue;
    if (this.#solveId === null && Object.keys(data.restored).length) {
      writeSettings(data.restored);
      Object.assign(this.state, readView());
      updateButtons(this);
    }
    if (this.#solveId !== data.id) this.#load(data).catch((error) => this.#fail(error));
  }

  // Back or Forward: the view is what the address says now. Another solve, if it asks for one, comes from the server.
  #follow() {
    const { state, solve } = this, { time, layout, left, right, show } = state;
    if (!solve) return;
    this.playback.stop();
    Object.assign(state, new State(), readView());
    // A comparison that begins or ends comes from the server; until then its pictures cannot be drawn.
    const waits = (readText("a") !== "") !== (this.comparison !== null);
    if (waits) Object.assign(state, { layout, left, right, show });
    state.time = Math.min(state.time ?? time, solve.data.until);
    this.#leaveMissing();
    this.#singleOut();
    this.#sidePanel.load(solve, this.comparison);
    this.#arrange();
    this.#pins.load(solve, state.pins, state.time);
    this.draw();
    updateButtons(this);
    if (waits) return;
    this.#rest.restart(); // not at once: Streamlit, which hears of Back too, would still send the address of before
  }

  // Find the class that is singled out among those of the present solve.
  #singleOut() {
    const { state, solve } = this, id = solve.data.names.indexOf(state.className);
    state.held = state.single = id < 0 ? null : id;
    if (id < 0) state.className = "";
  }

  // Take in a solve. The picture of before stays until the new one is ready.
  async #load(data) {
    this.#solveId = data.id;
    this.#sweep.stop();
    const ofA = data.held && { ...data, ...data.held, until: data.until };
    const [unpacked, unpackedA] = await Promise.all([unpackSolve(data), ofA && unpackSolve(ofA)]);
    if (this.#solveId !== data.id) return; // another was sent meanwhile
    const { state } = this, solve = new Solve(data, unpacked);
    const comparison = ofA && new Comparison(new Solve(ofA, unpackedA), solve);
    if (this.solve && (this.comparison === null) !== (comparison === null)) this.#readLayout();
    Object.assign(this, { solve, comparison });
    state.time = Math.min(state.time ?? FIRST_TIME * data.until, data.until);
    const pins = state.pins.map((pixel) => (pixel && pixel[0] < data.width && pixel[1] < data.height ? pixel : null));
    const dropped = pins.some((pixel, index) => pixel !== state.pins[index]);
    state.pins = pins;
    state.lit = null;
    this.#leaveMissing();
    this.#singleOut();
    for (const image of this.root.querySelectorAll(".pane img")) image.src = data.photo;
    document.documentElement.style.setProperty("--aspect", data.width / data.height); // the page is laid out by it too
    this.#painters = ["left", "over"].map((pane) => new Painter(this.find(`.${pane} canvas`), data));
    this.curve = new ErrorCurve(this.find(".curve"), this.#lines(), data);
    this.decidedChart = new DecidedChart(this.find(".decided"), data);
    this.#sidePanel.load(solve, comparison);
    this.#table.load(comparison);
    this.#guide.load(data);
    this.#drawTicks();
    this.#arrange();
    this.#pins.load(solve, state.pins, state.time);
    this.draw();
    this.#describe();
    this.find(".board").setAttribute("aria-busy", "false");
    this.#startSweep(solve);
    if (dropped) this.#rest.restart();
  }

  // A comparison begins or ends: the page has put a layout that fits into the address.
  #readLayout() {
    const { layout, left, right, show } = Object.assign(new State(), readView());
    Object.assign(this.state, { layout, left, right, show });
  }

  // Without a truth there is nothing to show of it, nor of A where no run is held.
  #leaveMissing() {
    const { state } = this, missing = this.#missing;
    if (missing.has(state.show)) state.show = "labels";
    if (missing.has(state.left)) state.left = "photo";
    if (missing.has(state.right)) state.right = "now";
  }

  // The keys of SOURCES and SHOWN that there is nothing to show of.
  get #missing() {
    const { solve, comparison } = this;
    return new Set([
      ...(solve?.truth ? [] : ["truth", "errors"]),
      ...(comparison ? [] : ["a"]),
      ...(comparison?.alike ? [] : ["difference"]),
    ]);
  }

  // The lines of the curve: of both runs, where there are two.
  #lines() {
    const { solve, comparison } = this, against = ({ truth }) => (truth ? "truth" : "its end");
    if (comparison)
      return [
        { key: "a", name: `A vs. ${against(comparison.a)}` },
        { key: "b", name: `B vs. ${against(solve)}` },
        ...(comparison.alike ? [{ key: "pair", name: "A vs. B" }] : []),
      ];
    const final = { key: "final", name: `vs. final, ${endName(solve.data)}` };
    return solve.truth ? [{ key: "truth", name: "vs. truth" }, final] : [final];
  }

  // Trace the error curve and find when each pixel was decided.
  #startSweep(solve) {
    const histogram = this.find(".decided");
    delete histogram.dataset.whole;
    const { comparison } = this;
    const visit = (moment) => {
      const [time, errors] = solve.visit(moment);
      this.curve.add(time, comparison ? comparison.visit(moment, errors) : errors);
    };
    this.#sweep.start(visit, (last) => {
      this.curve.redraw();
      if (last) histogram.dataset.whole = true;
      if (last || this.state.show === "decided") this.#showDecided();
      if (last) this.draw(); // which counts for the present time again
      if (last) this.#table.finish();
    });
  }

  #showDecided() {
    const { solve, state } = this, counts = solve.decidedCounts();
    this.decidedChart.show(counts, solve.truth !== null, state.single);
    this.#sidePanel.setDecided(counts);
    this.#frames.request();
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

  // Marks along the slider where the solver stepped, where it refused a step, and where T is if the solve goes on.
  #drawTicks() {
    const { steps, refused, until, trained } = this.solve.data;
    const mark = (tag, time, name) => {
      const [tick] = elements(tag);
      tick.style.setProperty("--at", Math.min(time / until, 1));
      tick.className = name;
      return tick;
    };
    const ticks = [...steps.map((time) => mark("i", time, "step")), ...refused.map((time) => mark("s", time, "refused"))];
    for (const time of this.comparison?.a.data.steps ?? []) ticks.push(mark("i", time, "of-a"));
    if (trained < until * (1 - 1e-6)) ticks.push(mark("b", trained, "trained"));
    this.find(".ticks").replaceChildren(...ticks);
    this.find(".track input").max = until;
  }

  // Layout, pictures, colours and opacity as they are chosen.
  #arrange() {
    const { state, solve } = this, { layout, show, left, right, opacity, divide } = state;
    const board = this.find(".board"), shown = layout === "overlay" ? [right] : [left, right];
    Object.assign(board.dataset, { layout, show });
    board.classList.toggle("comparing", this.comparison !== null);
    Object.assign(this.find(".pane.left").dataset, { source: left });
    Object.assign(this.find(".pane.over").dataset, { source: right });
    board.style.setProperty("--opacity", opacity);
    board.style.setProperty("--divide", divide);
    this.find(".divider").setAttribute("aria-valuenow", Math.round(100 * divide));
    const scale = show === "confidence" || show === "decided"; // its colours are numbers: nothing may shine through
    const { find } = this, mixed = shown.some((source) => source === "truth" || (source !== "photo" && !scale));
    Object.assign(find("[name=opacity]"), { value: opacity, disabled: !mixed });
    Object.assign(find("[name=hatch]"), { checked: state.hatch, disabled: show === "decided" });
    const missing = this.#missing;
    for (const radio of this.root.querySelectorAll(".choice input")) {
      radio.checked = state[radio.name] === radio.value;
      radio.disabled = missing.has(radio.value);
      if (["a", "difference"].includes(radio.value)) radio.parentNode.hidden = !this.comparison;
      if (radio.value === "now") radio.nextSibling.textContent = this.comparison ? "B" : SOURCES.now;
    }
    this.#room.arrange();
    this.#arrangeKey();
  }

  #arrangeKey() {
    const { state, solve } = this;
    if (!solve) return;
    drawKey(this.find(".key"), state, solve, this.comparison);
    if (state.show === "decided") this.#showDecided();
  }

  // Everything that changes with time.
  draw() {
    const { state, solve, comparison } = this, { time, left, right } = state;
    const ofB = solve.setTime(time), errors = comparison?.setTime(time, ofB) ?? ofB;
    const slider = this.find(".track input"), words = this.#summary(errors);
    const [leftPainter, rightPainter] = this.#painters;
    rightPainter.paint(right, solve, state, comparison);
    if (state.layout !== "overlay") {
      leftPainter.paint(left, solve, state, comparison);
      setText(this.find(".left .caption"), this.#captionOf(left, errors));
    }
    slider.value = time;
    this.find(".rail").style.backgroundSize = `${(100 * time) / solve.data.until}% 100%`;
    slider.setAttribute("aria-valuetext", words);
    setText(this.find(".over .badge"), this.#captionOf(right, errors));
    this.curve.setTime(time, errors);
    this.decidedChart.setTime(time, state.lit);
    this.#sidePanel.setTime(time);
    this.#table.setTime(errors);
    this.#guide.setTime(time);
    this.#pins.setTime(time);
    if (state.pointed) this.point(state.pointed);
  }

  get timeName() {
    return this.state.time.toFixed(2);
  }

  // What a file with the picture is called: as what it shows.
  get fileName() {
    const { right, show } = this.state, coloured = !["photo", "truth"].includes(right);
    const names = { now: `t${this.timeName}`, a: `a-t${this.timeName}`, end: "final" };
    const parts = [this.solve.data.file, names[right] ?? right];
    if (coloured && show !== "labels") parts.push(show);
    return `${parts.join("-")}.png`;
  }

  // What one of SOURCES shows, and how good it is.
  #captionOf(source, errors) {
    const { solve, comparison } = this, { show } = this.state;
    if (source === "photo") return "Photograph";
    if (source === "truth") return "Truth";
    const { data } = source === "a" ? comparison.a : solve;
    const at = source === "end" ? endName(data) : this.#timeOf(data);
    if (show === "difference" && source !== "a") return `Where A and B differ, at ${source === "end" ? "the end of each" : at}`;
    const run = comparison ? `${source === "a" ? "A" : "B"}, ${data.run} · ` : "";
    if (show === "decided") return `${run}Decided by ${at}`;
    if (source === "now") return run + this.#summary(errors);
    if (source === "a") return `${run}${at}${comparison.a.truth ? ` · mIoU ${(100 - errors.a).toFixed(1)}` : ""}`;
    const name = `${run}Final result, at ${at}`, { truth } = solve.endErrors;
    return truth === undefined ? name : `${name} · mIoU ${(100 - truth).toFixed(1)}`;
  }

  // The present time, or the end of a run that has ended by then.
  #timeOf(data) {
    return this.state.time > data.ends ? `ended at ${endName(data)}` : `t = ${this.timeName}`;
  }

  #summary({ truth, final }) {
    const name = this.#timeOf(this.solve.data);
    return truth === undefined
      ? `${name} · mIoU ${(100 - final).toFixed(1)} with the final result, at ${endName(this.solve.data)}`
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
    const [x, y] = pixel, { id, words } = this.#wordsAt(pixel);
    tip.textContent = words;
    tip.style.setProperty("--ink", cssColour(data.palette[id] ?? UNLABELLED));
    placeAtPixel(tip, pixel, data);
    tip.classList.toggle("left", x > 0.7 * data.width);
    tip.classList.toggle("below", y < 0.12 * data.height);
  }

  // The class of a pixel and its probability, as the picture under it has them; on the photograph, as they are at t.
  #wordsAt([x, y]) {
    const { state, comparison } = this, source = this.#sourceAt(x);
    const { data, decided, end, flow, truth } = source === "a" ? comparison.a : this.solve, at = y * data.width + x;
    if (source === "truth") {
      const name = truth[at] === IGNORE ? "not labelled" : data.names[truth[at]];
      return { id: truth[at], words: `${name} (truth)` };
    }
    if (state.show === "difference" && ["now", "end"].includes(source)) return this.#pairAt(source, at);
    if (state.show === "decided") {
      const moment = decided.moment[at], time = timeOf(moment, data.until).toFixed(2), name = data.names[end.labels[at]];
      return { id: end.labels[at], words: moment === 0 ? `${name} from the start` : `${name} from t = ${time}` };
    }
    const shares = flow.probabilities(x, y, source === "end" ? data.until : state.time);
    const id = shares.indexOf(Math.max(...shares));
    return { id, words: `${data.names[id]} ${(100 * shares[id]).toFixed(0)} %` };
  }

  #sourceAt(x) {
    const { layout, divide, left, right } = this.state;
    return layout === "divider" && x < divide * this.solve.data.width ? left : right;
  }

  // The labels of a pixel in both runs, and from when on they differ.
  #pairAt(source, at) {
    const { a, b } = this.comparison, { names } = b.data, parted = this.comparison.partedAt(at);
    const [one, other] = [a, b].map(({ end, flow }) => (source === "end" ? end : flow).labels[at]);
    const since = parted === null ? "" : `, apart from t = ${parted.toFixed(2)}`;
    return { id: other, words: one === other ? `${names[other]} in both` : `A ${names[one]}, B ${names[other]}${since}` };
  }

  pin(pixel) {
    const pins = [...this.state.pins], free = pins.indexOf(null), index = free < 0 ? pins.length : free;
    if (index >= MOST_PINS) return this.#tell("Four pixels are pinned: remove one to pin another.");
    pins[index] = pixel;
    this.#showPins(pins);
  }

  unpin(pixel) {
    this.#showPins(this.state.pins.map((other) => (other === pixel ? null : other)));
  }

  // Pin a pixel that shows how a network changes its mind.
  findChange() {
    const pixel = findChange(this.solve, this.state.pins);
    if (pixel) this.pin(pixel);
    else this.#tell("No other pixel changes its label.");
  }

  copyLink() {
    writeView(this.state);
    return this.copy(location.href);
  }

  async copy(link) {
    try {
      await navigator.clipboard.writeText(link);
      this.#tell(this.solve.data.own ? "Link copied. It does not hold your own picture." : "Link copied.");
    } catch {
      this.#tell("This browser lets no page copy: take the link from its address bar.");
    }
  }

  // A sentence over the picture, for a while.
  #tell(words) {
    const toast = this.find(".toast");
    toast.textContent = this.find(".spoken").textContent = words;
    toast.hidden = false;
    clearTimeout(this.#toast);
    this.#toast = setTimeout(() => (toast.hidden = true), TOAST_MS);
  }

  // Light the pixels that were decided at a moment; null lights all.
  light(moment) {
    if (this.state.lit === moment) return;
    this.state.lit = moment;
    this.#frames.request();
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
    this.find(".spoken").textContent = `${this.find(".track input").ariaValueText}: ${this.#describe()}`;
    this.#setStateValue("place", view);
  }
}

export default mount(Scrubber);
