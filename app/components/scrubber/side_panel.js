// What stands beside the picture: the classes and how each fares at t, and the facts of the solve.

import { cssColour } from "../kit/colours.js";
import { elements, setText } from "../kit/dom.js";
import { medianMoment } from "./decided.js";
import { MOMENTS } from "./sweep.js";
import { endName } from "./time_plot.js";

export class SidePanel {
  #note;
  #heading;
  #list;
  #facts;
  #state;
  #change;
  #solve;
  #comparison; // with run A, or null
  #classes; // what is drawn of each class: { item, button, bar, missed, value }
  #values; // what is drawn of each fact, by its name
  #medians; // the share of time by which half of each class's pixels were decided; null where it has none

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
  load(solve, comparison) {
    const { data } = solve;
    this.#solve = solve;
    this.#comparison = comparison;
    this.#medians = data.names.map(() => null);
    this.#note.textContent = data.note;
    this.#classes = data.names.map((name, id) => this.#class(name, id));
    this.#list.replaceChildren(...this.#classes.map(({ item }) => item));
    const moving = { ...(data.spent && { "evaluations by t": "" }), [this.#unchanged]: "" };
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

  get #unchanged() {
    return `pixels labelled as at ${endName(this.#solve.data)}`;
  }

  #class(name, id) {
    const state = this.#state;
    const [item, button, swatch, words, bar, missed, value] = elements("li", "button", "i", "span", "s", "b", "b");
    button.type = "button";
    button.setAttribute("aria-pressed", id === state.held);
    button.style.setProperty("--ink", cssColour(this.#solve.data.palette[id]));
    words.textContent = name;
    button.append(swatch, words, bar, missed, value);
    item.append(button);
    button.onpointerenter = button.onfocus = () => this.#change({ single: id });
    button.onpointerleave = button.onblur = () => this.#change({ single: state.held });
    button.onclick = () => {
      const held = state.held === id ? null : id;
      this.#change({ held, single: held });
      this.#classes.forEach((other, i) => other.button.setAttribute("aria-pressed", i === held));
    };
    return { item, button, bar, missed, value };
  }

  // counts: pixels by class and the moment they were decided at.
  setDecided(counts) {
    this.#medians = this.#classes.map((_, id) => {
      const moment = medianMoment(counts.subarray(id * MOMENTS, (id + 1) * MOMENTS));
      return moment === null ? null : moment / (MOMENTS - 1);
    });
  }

  // Bring every value to the depth that the solve's scores have counted.
  setTime(time) {
    const { data, truthScores, finalScores } = this.#solve, { show } = this.#state;
    const [heading, row] =
      show === "decided"
        ? [truthScores ? "median t of right pixels" : "median t", (id) => this.#decidedRow(id)]
        : show === "errors" && truthScores
          ? ["pixels missed, false alarms", (id) => this.#errorsRow(id)]
          : show === "difference"
            ? ["pixels of B that differ at t", (id) => this.#differenceRow(id)]
          : [truthScores ? "IoU at t, %" : "share of pixels at t, %", (id) => this.#scoreRow(id)];
    setText(this.#heading, heading);
    this.#classes.forEach(({ bar, missed, value, button }, id) => {
      const { share, none, texts } = row(id);
      setText(missed, texts[0]);
      setText(value, none ? "–" : texts[1]);
      bar.style.backgroundSize = `${none ? 0 : (100 * share).toFixed(1)}% 100%`;
      button.classList.toggle("none", none);
    });
    const done = data.steps.filter((step) => step < time - 1e-9).length;
    if (data.spent) setText(this.#values["evaluations by t"], `${data.spent[done]} of ${data.spent.at(-1)}`);
    setText(this.#values[this.#unchanged], `${(100 * finalScores.accuracy).toFixed(0)} %`);
  }

  // Of each class: the length of its bar, 0 to 1, whether it has no value, and two texts.

  #scoreRow(id) {
    const { truthScores, finalScores } = this.#solve;
    // Where there is no truth, the final scores counted every pixel.
    const share = truthScores ? truthScores.iou(id) : finalScores.predicted[id] / finalScores.pixels;
    const none = Number.isNaN(share) || (!truthScores && !share && !finalScores.actual[id]);
    return { share, none, texts: ["", (100 * share).toFixed(0)] };
  }

  #errorsRow(id) {
    const { truthScores } = this.#solve, none = Number.isNaN(truthScores.iou(id)), right = truthScores.right(id);
    const counts = [truthScores.actual[id] - right, truthScores.predicted[id] - right];
    return { share: 0, none, texts: none ? ["", ""] : counts.map((count) => count.toLocaleString("en")) };
  }

  #differenceRow(id) {
    const count = this.#comparison.apartOf(id), all = this.#comparison.b.finalScores.pixels * this.#comparison.apart;
    return { share: all && count / all, none: count === 0, texts: ["", count.toLocaleString("en")] };
  }

  #decidedRow(id) {
    const share = this.#medians[id], none = share === null;
    return { share, none, texts: ["", none ? "" : (share * this.#solve.data.until).toFixed(2)] };
  }
}
