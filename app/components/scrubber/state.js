// What a person can change of the view, all in one place.

export const LAYOUTS = { overlay: "Overlay", side: "Side by side", divider: "Divider" };
export const SHOWN = { labels: "Labels", confidence: "Confidence", errors: "Errors", decided: "Decided", difference: "A ≠ B" };
export const SOURCES = { photo: "Photo", truth: "Truth", a: "A", now: "Now", end: "Final" };
export const SPEEDS = [1, 2, 0.25, 0.5];
// What a link can leave out.
export const PANELS = {
  settings: "Settings (scene, model, solver, download)",
  intro: "The line above the picture",
  curve: "Curve under the slider",
  view: "View (layout and colours)",
  classes: "Classes",
  pins: "Pinned pixels",
  facts: "This solve",
};
export const MOST_PINS = 4;

export class State {
  time = null; // depth t; null before the first solve, unless the address says where to begin
  layout = "overlay"; // a key of LAYOUTS
  left = "photo"; // a key of SOURCES: what is on the left of the divider, or of two pictures
  right = "now"; // a key of SOURCES: what is on the right, or alone where there is one picture
  show = "labels"; // a key of SHOWN: what the colours of "now" and "end" mean
  opacity = 0.6; // of the colours, 0 to 1
  hatch = false; // stripes on uncertain pixels
  divide = 0.5; // where the divider stands, 0 to 1
  single = null; // the class that alone is in colour, or null
  className = ""; // of the class that stays so when the pointer leaves the legend, or empty
  held = null; // its number in the present solve, or null
  lit = null; // the moment of Decided (decided.js) whose pixels alone are in colour, or null
  pointed = null; // the pixel [x, y] under the pointer or the keyboard's cursor, or null
  pins = []; // pinned pixels [x, y]; the place in the list is the pin's number less one, null where none has it
  speed = 1; // of playing
  looping = false;
  present = false; // whether the picture is as large as the screen
  hidden = []; // keys of PANELS
}
