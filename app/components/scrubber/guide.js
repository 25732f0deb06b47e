// What explains the scrubber to a person who sees it first: a line above the picture, the terms, How it works, and on
// the first visit time that plays once from 0 to T, with callouts after it.

import { elements } from "../kit/dom.js";
import { Callouts } from "./callouts.js";
import { HowItWorks } from "./how.js";
import { OwnPicture } from "./own_picture.js";
import { Terms } from "./terms.js";

const STORED = "segnode-visited"; // in the browser: "played", and once the callouts are closed, "closed"

export class Guide {
  #scrubber;
  #linked; // whether the address says at what time to begin
  #terms;
  #how;
  #ownPicture;
  #begun = false;
  #callouts = null; // those that wait for the end of the first play

  constructor(scrubber) {
    const { root, find, state } = scrubber, [line, button] = elements("p", "button");
    this.#scrubber = scrubber;
    this.#linked = state.time !== null;
    this.#terms = new Terms(root);
    this.#how = new HowItWorks(root);
    line.className = "intro";
    line.append("A neural ODE labels every pixel by flowing from t = 0 to T. Drag time and watch it decide. ", button);
    Object.assign(button, { type: "button", className: "link", textContent: "How it works" });
    button.setAttribute("aria-expanded", false);
    button.onclick = () => this.#how.toggle(button);
    find(".board").prepend(line);
    this.#ownPicture = new OwnPicture(find(".board"), line);
  }

  // A solve is about to be drawn. The first visit begins with the first.
  load(data) {
    this.#how.load(data);
    this.#ownPicture.close();
    const first = !this.#begun;
    this.#begun = true;
    queueMicrotask(() => {
      this.#terms.load(data.meanings); // once all of them are there
      if (first) this.#welcome();
    });
  }

  setTime(time) {
    this.#how.setTime(time);
  }

  // Nothing plays any more.
  rest() {
    this.#callouts?.show(0);
    this.#callouts = null;
  }

  #welcome() {
    const visited = stored();
    if (visited === "closed") return;
    this.#callouts = new Callouts(this.#scrubber.find(".board"), () => store("closed"));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (visited === "played" || this.#linked || still) return this.rest();
    store("played");
    this.#scrubber.state.time = 0;
    this.#scrubber.togglePlay();
  }
}

// A browser that stores nothing is welcomed each time.
function stored() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function store(value) {
  try {
    localStorage.setItem(STORED, value);
  } catch {
    // Nothing depends on it.
  }
}
