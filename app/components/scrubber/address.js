// The view in the page's address, so that a link opens it again.

import { readChoice, readNumber, readText, writeSettings } from "../kit/address.js";
import { LAYOUTS, MOST_PINS, SHOWN } from "./state.js";

// The part of the state that the address asks for; what it asks for and cannot have is left out.
export function readView() {
  const time = readNumber("t", 0, 100), opacity = readNumber("opacity", 0, 100);
  const layout = readChoice("view", LAYOUTS), show = readChoice("show", SHOWN);
  const pins = readText("pins").split("_").filter((pair) => /^\d+-\d+$/.test(pair));
  return {
    time,
    ...(opacity !== null && { opacity: opacity / 100 }),
    ...(layout !== null && { layout }),
    ...(show !== null && { show }),
    pins: pins.slice(0, MOST_PINS).map((pair) => pair.split("-").map(Number)),
  };
}

// Put the state into the address; returns what was put there, by its names in the address.
export function writeView({ time, layout, show, opacity, pins }) {
  const view = {
    t: time,
    view: layout,
    show,
    opacity: Math.round(100 * opacity),
    pins: pins.map((pair) => pair.join("-")).join("_"),
  };
  writeSettings(view);
  return view;
}
