// The view in the page's address, so that a link opens it again.

import { readChoice, readNumber, readText, writeSettings } from "../kit/address.js";
import { LAYOUTS, MOST_PINS, PANELS, SHOWN, SOURCES, SPEEDS, State } from "./state.js";

const CHOICES = { view: ["layout", LAYOUTS], show: ["show", SHOWN], left: ["left", SOURCES], right: ["right", SOURCES] };

// The part of the state that the address asks for; what it asks for and cannot have is left out.
export function readView() {
  const time = readNumber("t", 0, 100), opacity = readNumber("opacity", 0, 100), divide = readNumber("divide", 0, 100);
  const chosen = Object.entries(CHOICES).map(([key, [name, options]]) => [name, readChoice(key, options)]);
  const speed = readNumber("speed", 0, 100);
  return {
    time,
    ...(opacity !== null && { opacity: opacity / 100 }),
    ...(divide !== null && { divide: divide / 100 }),
    ...(SPEEDS.includes(speed) && { speed }),
    ...Object.fromEntries(chosen.filter(([, value]) => value !== null)),
    hatch: readText("hatch") === "true",
    looping: readText("loop") === "true",
    className: readText("class"),
    pins: readPins(),
    present: readText("present") === "1",
    hidden: readText("hide").split(",").filter((panel) => Object.hasOwn(PANELS, panel)),
  };
}

// "240-30__100-200" are the pins 1 and 3.
function readPins() {
  const places = readText("pins").split("_").slice(0, MOST_PINS);
  return places.map((text) => (/^\d+-\d+$/.test(text) ? text.split("-").map(Number) : null));
}

// Put the state into the address; returns what was put there, by its names in the address. What is chosen is an entry
// of the browser's history, what is dragged is none.
export function writeView(state) {
  const usual = new State(), own = (name) => (state[name] === usual[name] ? "" : state[name]);
  const chosen = {
    view: state.layout,
    show: state.show,
    left: own("left"),
    right: own("right"),
    hatch: own("hatch"),
    class: state.className,
    pins: state.pins.map((pixel) => pixel?.join("-") ?? "").join("_").replace(/_+$/, ""),
    speed: own("speed"),
    loop: own("looping"),
    present: state.present ? "1" : "",
    hide: state.hidden.join(","),
  };
  const dragged = {
    t: state.time,
    opacity: Math.round(100 * state.opacity),
    divide: state.divide === usual.divide ? "" : Math.round(100 * state.divide),
  };
  const usually = { view: usual.layout, show: usual.show };
  const asked = (name) => readText(name) || `${usually[name] ?? ""}`;
  const view = { ...dragged, ...chosen };
  writeSettings(view, Object.keys(chosen).some((name) => asked(name) !== `${chosen[name]}`));
  return view;
}
