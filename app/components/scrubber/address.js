// The view in the page's address, so that a link opens it again.

import { readChoice, readNumber, readText, writeSettings } from "../kit/address.js";
import { LAYOUTS, MOST_PINS, SHOWN, SOURCES, State } from "./state.js";

const CHOICES = { view: ["layout", LAYOUTS], show: ["show", SHOWN], left: ["left", SOURCES], right: ["right", SOURCES] };

// The part of the state that the address asks for; what it asks for and cannot have is left out.
export function readView() {
  const time = readNumber("t", 0, 100), opacity = readNumber("opacity", 0, 100);
  const chosen = Object.entries(CHOICES).map(([key, [name, options]]) => [name, readChoice(key, options)]);
  return {
    time,
    ...(opacity !== null && { opacity: opacity / 100 }),
    ...Object.fromEntries(chosen.filter(([, value]) => value !== null)),
    pins: readPins(),
  };
}

// "240-30__100-200" are the pins 1 and 3.
function readPins() {
  const places = readText("pins").split("_").slice(0, MOST_PINS);
  return places.map((text) => (/^\d+-\d+$/.test(text) ? text.split("-").map(Number) : null));
}

// Put the state into the address; returns what was put there, by its names in the address.
export function writeView(state) {
  const { time, layout, show, opacity, pins, left, right } = state, usual = new State();
  const view = {
    t: time,
    view: layout,
    show,
    left: left === usual.left ? "" : left,
    right: right === usual.right ? "" : right,
    opacity: Math.round(100 * opacity),
    pins: pins.map((pixel) => pixel?.join("-") ?? "").join("_").replace(/_+$/, ""),
  };
  writeSettings(view);
  return view;
}
