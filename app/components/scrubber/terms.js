// Terms of the page, explained where they are pointed at, tapped, or reached by the keyboard.

import { elements } from "../kit/dom.js";

// What a term may end with, which is the solve's own: "labelled as at T".
const END = /,? (at )?(T|t = [\d.]+)$/;
// Parts whose whole text may be a term.
const PARTS = ".facts dt, .comparison th, summary span, .curve .unit, .curve .end .name, .scale span";

export class Terms {
  #root;
  #tip;
  #meanings = {}; // by text

  constructor(root) {
    this.#root = root;
    const board = root.querySelector(".board");
    [this.#tip] = elements("div");
    Object.assign(this.#tip, { className: "meaning", id: "meaning", popover: "manual" });
    this.#tip.setAttribute("role", "tooltip");
    board.append(this.#tip);
    for (const event of ["pointerover", "focusin", "click"])
      board.addEventListener(event, ({ target }) => this.#explain(target.closest(PARTS)));
    for (const event of ["pointerleave", "focusout"]) board.addEventListener(event, () => this.#explain(null));
    board.addEventListener("keydown", ({ key }) => key === "Escape" && this.#explain(null));
  }

  // Terms are marked, and can be reached by the keyboard.
  load(meanings) {
    this.#meanings = meanings;
    for (const part of this.#root.querySelectorAll(PARTS)) {
      if (!this.#meaning(part) || part.namespaceURI !== "http://www.w3.org/1999/xhtml") continue;
      part.classList.add("term");
      part.tabIndex = 0;
      part.setAttribute("aria-describedby", this.#tip.id);
    }
  }

  #meaning(part) {
    return this.#meanings[part.textContent.trim().replace(END, "")];
  }

  #explain(part) {
    const meaning = part && this.#meaning(part), tip = this.#tip;
    if (!meaning) {
      if (tip.matches(":popover-open")) tip.hidePopover();
      return;
    }
    tip.textContent = meaning;
    tip.showPopover();
    const box = part.getBoundingClientRect(), { width, height } = tip.getBoundingClientRect();
    const above = box.top - height - 6;
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    tip.style.top = `${above > 8 ? above : box.bottom + 6}px`;
  }
}
