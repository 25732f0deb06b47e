// Three small callouts, one after the other, each at the part that it speaks of.

import { elements } from "../kit/dom.js";

const CALLOUTS = [
  { at: ".track", says: "Drag to move through solve time, and watch the labels form." },
  { at: ".views", says: "Click a pixel to pin it, and see its classes compete over time." },
  { at: "[data-do=forward]", says: "Step as the solver stepped: each tick on the slider is one of its steps." },
];
const MARGIN = 12; // pixels

export class Callouts {
  #board;
  #onClose;
  #box = null; // of the callout that is shown
  #observer;

  // board: holds the parts. onClose: called once the last is done with, or all are closed.
  constructor(board, onClose) {
    this.#board = board;
    this.#onClose = onClose;
  }

  show(number) {
    this.#observer?.disconnect();
    this.#box?.remove();
    if (number >= CALLOUTS.length) return this.#onClose();
    const { at, says } = CALLOUTS[number], [box, words, next, close] = elements("div", "p", "button", "button");
    const left = CALLOUTS.length - 1 - number;
    Object.assign(box, { className: "callout", role: "status" });
    words.textContent = says;
    Object.assign(next, { type: "button", className: "next", textContent: left ? `Next, ${left} more` : "Done" });
    Object.assign(close, { type: "button", className: "close", textContent: "×", ariaLabel: "Close these tips" });
    next.onclick = () => this.show(number + 1);
    close.onclick = () => this.show(CALLOUTS.length);
    box.append(words, close, next);
    this.#board.append(box);
    this.#box = box;
    this.#observer = new ResizeObserver(() => place(box, this.#board.querySelector(at), this.#board));
    this.#observer.observe(this.#board);
  }
}

// In the middle of a large part, above a small one.
function place(box, part, board) {
  const origin = board.getBoundingClientRect(), { left, top, width, height } = part.getBoundingClientRect();
  const middle = left - origin.left + width / 2, inside = height > 2 * box.offsetHeight;
  const x = Math.max(0, Math.min(middle - box.offsetWidth / 2, origin.width - box.offsetWidth));
  const y = top - origin.top + (inside ? (height - box.offsetHeight) / 2 : -box.offsetHeight - MARGIN);
  box.style.left = `${x}px`;
  box.style.top = `${y}px`;
  box.style.setProperty("--point", `${Math.max(MARGIN, Math.min(middle - x, box.offsetWidth - MARGIN))}px`);
  box.classList.toggle("inside", inside);
}
