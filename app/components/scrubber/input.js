// What is pressed, dragged and chosen, passed on to the scrubber.

import { downloadOverlay, pixelUnder } from "../kit/canvas.js";
import { radioButtons, svgElement } from "../kit/dom.js";
import { arrowDirection, onDrag, onKeys } from "../kit/input.js";
import { LAYOUTS, SHOWN, SOURCES, SPEEDS } from "./state.js";

const ICONS = {
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M7 5.5h3.5v13H7zM13.5 5.5H17v13h-3.5z",
  back: "M15.5 6v12L8 12zM6 6h1.6v12H6z",
  forward: "M8.5 6v12l7.5-6zM16.4 6H18v12h-1.6z",
  loop: "M6 12V8.500h9.500V5.500L20 9.500l-4.500 4v-3H8V12zM18 12v3.500H8.500v3L4 14.500l4.500-4v3H16V12z",
};
const STEP = 0.01, LONG_STEP = 0.1; // of the slider by keys, in shares of T
const CURSOR_STEP = 8; // pixels; one with shift
const DIVIDER_STEP = 0.02;

// Listen to every part that a person can move.
export function listen(scrubber) {
  const over = scrubber.find(".over"), divider = scrubber.find(".divider"), slider = scrubber.find(".track input");
  for (const [key, options] of [["layout", LAYOUTS], ["show", SHOWN], ["left", SOURCES], ["right", SOURCES]])
    scrubber
      .find(`[data-choice=${key}]`)
      .replaceChildren(...radioButtons(key, options, (value) => scrubber.change({ [key]: value })));
  for (const button of scrubber.root.querySelectorAll("[data-do]"))
    button.onclick = () => {
      if (scrubber.solve) ACTIONS[button.dataset.do](scrubber);
      updateButtons(scrubber);
    };
  slider.oninput = () => scrubber.moveTo(+slider.value);
  scrubber.find("[name=opacity]").oninput = ({ target }) => scrubber.change({ opacity: +target.value });
  scrubber.find("[name=hatch]").onchange = ({ target }) => scrubber.change({ hatch: target.checked });
  onDrag(scrubber.find(".curve"), (event) => scrubber.solve && scrubber.moveTo(scrubber.curve.timeAt(event)));
  listenToHistogram(scrubber, scrubber.find(".decided"));
  onDrag(divider, ({ clientX }) => {
    const box = over.getBoundingClientRect();
    scrubber.change({ divide: within((clientX - box.left) / box.width, 0, 1) });
  });
  listenToPicture(scrubber, over, divider);
  onKeys(scrubber.find(".board"), (event) => scrubber.solve !== null && useKey(scrubber, event));
  updateButtons(scrubber);
}

const ACTIONS = {
  back: (scrubber) => scrubber.step(-1),
  forward: (scrubber) => scrubber.step(1),
  play: (scrubber) => scrubber.togglePlay(),
  speed: (scrubber) => scrubber.change({ speed: SPEEDS[(SPEEDS.indexOf(scrubber.state.speed) + 1) % SPEEDS.length] }),
  loop: (scrubber) => scrubber.change({ looping: !scrubber.state.looping }),
  copy: (scrubber) => scrubber.copyLink(),
  find: (scrubber) => scrubber.findChange(),
  save: ({ find, fileName }) => {
    const canvas = find(".over canvas"), { opacity } = getComputedStyle(canvas);
    downloadOverlay(find(".over img"), canvas, canvas.hidden ? 0 : +opacity, fileName);
  },
};

// The picture: what the pointer is over is named, what it clicks is pinned.
function listenToPicture(scrubber, over, divider) {
  const pixelOf = (event) => (event.target === divider ? null : pixelUnder(over, event, scrubber.solve.data));
  over.onpointermove = (event) => scrubber.solve && scrubber.point(pixelOf(event));
  over.onpointerleave = over.onblur = () => scrubber.solve && scrubber.point(null);
  over.onclick = (event) => {
    const pixel = scrubber.solve && pixelOf(event);
    if (pixel) scrubber.pin(pixel);
  };
}

// The histogram: what the pointer is over is lit; dragged, it moves time.
function listenToHistogram(scrubber, svg) {
  onDrag(svg, (event) => scrubber.solve && scrubber.moveTo(scrubber.decidedChart.timeAt(event)));
  for (const name of ["pointerdown", "pointermove"])
    svg.addEventListener(name, (event) => scrubber.solve && scrubber.light(scrubber.decidedChart.momentAt(event)));
  for (const name of ["pointerleave", "pointercancel"]) svg.addEventListener(name, () => scrubber.light(null));
}

// What the buttons beside the slider show and are called.
export function updateButtons({ find, state, playback }) {
  const play = find("[data-do=play]"), speed = find("[data-do=speed]");
  for (const name of ["back", "forward", "loop"]) drawIcon(find(`[data-do=${name}]`), name);
  drawIcon(play, playback.running ? "pause" : "play");
  play.setAttribute("aria-label", playback.running ? "Pause" : "Play");
  speed.textContent = `${state.speed}×`;
  speed.setAttribute("aria-label", `Speed ${state.speed}`);
  find("[data-do=loop]").setAttribute("aria-pressed", state.looping);
}

function drawIcon(button, name) {
  const svg = svgElement("svg", { viewBox: "0 0 24 24", "aria-hidden": true });
  svgElement("path", { d: ICONS[name] }, svg);
  button.replaceChildren(svg);
}

// Each of these says whether it used the key.

function useKey(scrubber, event) {
  const { find } = scrubber, { key, target } = event;
  if (target === find(".over") && useKeyOnPicture(scrubber, event)) return true;
  if (target === find(".divider") && useKeyOnDivider(scrubber, event)) return true;
  if (target === find(".track input") && useKeyOnSlider(scrubber, event)) return true;
  return useKeyAnywhere(scrubber, event);
}

function useKeyAnywhere(scrubber, { key, target }) {
  if (key === "," || key === ".") return scrubber.step(key === "." ? 1 : -1), true;
  const pressable = target.closest("button, [type=checkbox], [type=radio], summary"); // space presses it
  if (key === " " && !pressable) return scrubber.togglePlay(), true;
  return false;
}

// Every key that moves time.
export function useKeyOnTime(scrubber, event) {
  return useKeyOnSlider(scrubber, event) || useKeyAnywhere(scrubber, event);
}

function useKeyOnPicture(scrubber, { key, shiftKey }) {
  const { state, find } = scrubber, { width, height } = scrubber.solve.data, direction = arrowDirection(key);
  if (direction) {
    const [x, y] = state.pointed ?? [width >> 1, height >> 1], step = shiftKey ? 1 : CURSOR_STEP;
    scrubber.point([within(x + step * direction[0], 0, width - 1), within(y + step * direction[1], 0, height - 1)]);
    find(".spoken").textContent = find(".tip").textContent;
    return true;
  }
  if (key === "Enter" && state.pointed) return scrubber.pin(state.pointed), true;
  const last = state.pins.findLast((pin) => pin);
  if ((key === "Delete" || key === "Backspace") && last) return scrubber.unpin(last), true;
  return false;
}

function useKeyOnDivider(scrubber, { key }) {
  const across = arrowDirection(key)?.[0];
  if (across) scrubber.change({ divide: within(scrubber.state.divide + DIVIDER_STEP * across, 0, 1) });
  return Boolean(across);
}

function useKeyOnSlider(scrubber, { key, shiftKey }) {
  const { until } = scrubber.solve.data, direction = arrowDirection(key);
  const pages = { PageUp: LONG_STEP, PageDown: -LONG_STEP };
  const step = pages[key] ?? (direction && STEP * (direction[0] - direction[1]));
  if (step && shiftKey) return scrubber.step(Math.sign(step)), true;
  if (step) return scrubber.moveTo(scrubber.state.time + step * until), true;
  if (key === "Home" || key === "End") return scrubber.moveTo(key === "End" ? until : 0), true;
  return false;
}

function within(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
