// What stands beside the picture: the classes and how each fares at t, and the facts of the solve.

import { cssColour } from "../kit/colours.js";
import { elements, setText } from "../kit/dom.js";

export class SidePanel {
  #note;
  #heading;
  #list;
  #facts;
  #state;
  #change;
  #solve;
  #classes; // what is drawn of each class: { item, button, bar, value }
  #values; // what is drawn of each fact, by its name

  // change: called with the changes of the state that a person makes.
  constructor(root, state, change) {
    this.#note = root.querySelector(".note");
    this.#heading = root.querySelector(".classes summary span");
    this.#list = root.querySelector(".classes ul");
    this.#facts = root.querySelector(".facts dl");
    this.#state = state;
    this.#change = change;
  }

  // Another solve.
  load(solve) {
    const { data } = solve;
    this.#solve = solve;
    this.#note.textContent = data.note;
    this.#heading.textContent = solve.truthScores ? "IoU at t, %" : "share of pixels at t, %";
    this.#classes = data.names.map((name, id) => this.#class(name, id));
    this.#list.replaceChildren(...this.#classes.map(({ item }) => item));
    const moving = { ...(data.spent && { "evaluations by t": "" }), "pixels with their final label": "" };
    this.#values = {};
    const rows = Object.entries({ ...Object.fromEntries(data.facts), ...moving }).map(([term, value]) => {
      const [name, text] = elements("dt", "dd");
      name.textContent = term;
      text.textContent = value;
      this.#values[term] = text;
      return [name, text];
    });
    this.#facts.replaceChildren(...rows.flat());
  }

  #class(name, id) {
    const state = this.#state;
    const [item, button, swatch, words, bar, value] = elements("li", "button", "i", "span", "s", "b");
    button.type = "button";
    button.setAttribute("aria-pressed", id === state.held);
    button.style.setProperty("--ink", cssColour(this.#solve.data.palette[id]));
    words.textContent = name;
    button.append(swatch, words, bar, value);
    item.append(button);
    button.onpointerenter = button.onfocus = () => this.#change({ single: id });
    button.onpointerleave = button.onblur = () => this.#change({ single: state.held });
    button.onclick = () => {
      const held = state.held === id ? null : id;
      this.#change({ held, single: held });
      this.#classes.forEach((other, i) => other.button.setAttribute("aria-pressed", i === held));
    };
    return { item, button, bar, value };
  }

  // Bring every value to the depth that the solve's scores have counted.
  setTime(time) {
    const { data, truthScores, finalScores } = this.#solve;
    this.#classes.forEach(({ bar, value, button }, id) => {
      // Where there is no truth, the final scores counted every pixel.
      const share = truthScores ? truthScores.iou(id) : finalScores.predicted[id] / finalScores.pixels;
      const none = Number.isNaN(share) || (!truthScores && !share && !finalScores.actual[id]);
      setText(value, none ? "–" : (100 * share).toFixed(0));
      bar.style.backgroundSize = `${none ? 0 : (100 * share).toFixed(1)}% 100%`;
      button.classList.toggle("none", none);
    });
    const done = data.steps.filter((step) => step < time - 1e-9).length;
    if (data.spent) setText(this.#values["evaluations by t"], `${data.spent[done]} of ${data.spent.at(-1)}`);
    setText(this.#values["pixels with their final label"], `${(100 * finalScores.accuracy).toFixed(0)} %`);
  }
}
