// What a person can change of the view, all in one place.

export const LAYOUTS = { overlay: "Overlay", side: "Side by side", divider: "Divider" };
export const SHOWN = { labels: "Labels", confidence: "Confidence", errors: "Errors" };
export const SPEEDS = [1, 2, 0.25, 0.5];
export const MOST_PINS = 4;

export class State {
  time = null; // depth t; null before the first solve, unless the address says where to begin
  layout = "overlay"; // a key of LAYOUTS
  show = "labels"; // a key of SHOWN
  opacity = 0.6; // of the colours, 0 to 1
  hatch = false; // stripes on uncertain pixels
  divide = 0.5; // where the divider stands, 0 to 1
  single = null; // the class that alone is in colour, or null
  held = null; // the class that stays so when the pointer leaves the legend, or null
  pointed = null; // the pixel [x, y] under the pointer or the keyboard's cursor, or null
  pins = []; // pinned pixels [x, y], oldest first
  speed = 1; // of playing
  looping = false;
}
