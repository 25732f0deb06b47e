// A table of solves: a colour, a name, what it took and its error. Its rows may be buttons that switch a solve on.

import { elements, setText } from "../kit/dom.js";

export class SolverTable {
  node;
  #rows = {};

  // names: {key: name}; a key is the class of a colour, too. toggle(key): called for a pressed row; without it the rows
  // are only read.
  constructor(names, toggle = null) {
    [this.node] = elements("div");
    this.node.className = "solvers";
    for (const [key, name] of Object.entries(names)) {
      const [row] = elements(toggle ? "button" : "p");
      const cells = elements("i", "b", "span", "em");
      row.className = key;
      row.append(...cells);
      cells[1].textContent = name;
      if (toggle) {
        row.type = "button";
        row.onclick = () => toggle(key);
      }
      this.node.append(row);
      this.#rows[key] = row;
    }
  }

  // effort: how many steps and evaluations. shown: whether it is drawn.
  show(key, effort, error, shown = true) {
    const row = this.#rows[key], [, , steps, value] = row.children;
    row.dataset.shown = shown;
    if (row.type === "button") row.setAttribute("aria-pressed", shown);
    setText(steps, effort);
    setText(value, error);
  }
}
