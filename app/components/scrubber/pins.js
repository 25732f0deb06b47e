// Pinned pixels: a mark on the picture and a chart of class probabilities for each. A pin keeps its number and its
// colour as long as it is there.

import { placeAtPixel } from "../kit/canvas.js";
import { cssColour } from "../kit/colours.js";
import { elements, setText } from "../kit/dom.js";
import { PixelChart } from "./pixel_chart.js";
import { IGNORE } from "./scores.js";

const TOP_CLASSES = 3;

export class Pins {
  #marks;
  #list;
  #hint;
  #solve;
  #pins = []; // what is drawn of each by number less one: { pixel, mark, item, rows, chart }; null where there is none
  #onRemove;

  // onRemove: called with the pixel whose pin a person takes away.
  constructor(root, onRemove) {
    this.#marks = root.querySelector(".marks");
    this.#list = root.querySelector(".pins ol");
    this.#hint = root.querySelector(".pins .hint");
    this.#onRemove = onRemove;
  }

  // Draw the pins of another solve.
  load(solve, pixels, time) {
    this.show([], time);
    this.#solve = solve;
    this.show(pixels, time);
  }

  // Draw pins for these pixels; what is drawn already stays.
  show(pixels, time) {
    this.#pins.forEach((pin, index) => {
      if (!pin || pin.pixel === pixels[index]) return;
      pin.mark.remove();
      pin.item.remove();
      this.#pins[index] = null;
    });
    this.#pins = pixels.map((pixel, index) => pixel && (this.#pins[index] ?? this.#draw(pixel, index + 1)));
    const drawn = this.#pins.filter(Boolean);
    this.#list.append(...drawn.map(({ item }) => item));
    this.#marks.append(...drawn.map(({ mark }) => mark));
    this.#hint.hidden = drawn.length > 0;
    this.setTime(time);
  }

  #draw(pixel, number) {
    const { flow, data } = this.#solve;
    const [mark, item, badge, plot, list, note, close] = elements("i", "li", "em", "div", "div", "p", "button");
    for (const part of [mark, badge]) {
      part.textContent = number;
      part.dataset.pin = number;
    }
    placeAtPixel(mark, pixel, data);
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", `Remove the pin at ${pixel.join(", ")}`);
    close.onclick = () => this.#onRemove(pixel);
    plot.className = "plot";
    list.className = "top";
    const chart = new PixelChart(plot, flow, pixel, data), rows = Array.from({ length: TOP_CLASSES }, () => drawRow());
    list.append(...rows.map(({ row }) => row));
    note.textContent = this.#note(pixel, chart.changes);
    item.append(badge, plot, close, list, note);
    return { pixel, mark, item, rows, chart };
  }

  // What does not change with time: the truth, and when the winner changes.
  #note([x, y], changes) {
    const { truth, data } = this.#solve, id = truth ? truth[y * data.width + x] : IGNORE;
    const times = changes.map((time) => time.toFixed(2)).join(", ");
    return [
      ...(id === IGNORE ? [] : [`Truth: ${data.names[id]}.`]),
      changes.length ? `Changes at t = ${times}.` : "Never changes.",
    ].join(" ");
  }

  setTime(time) {
    const { names, palette } = this.#solve?.data ?? {};
    for (const pin of this.#pins) {
      if (!pin) continue;
      const shares = pin.chart.setTime(time);
      const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
      pin.rows.forEach(({ row, swatch, words }, rank) => {
        const id = order[rank];
        row.hidden = id === undefined;
        if (row.hidden) return;
        swatch.style.background = cssColour(palette[id]);
        setText(words, `${names[id]} ${(100 * shares[id]).toFixed(0)} %`);
      });
      const words = pin.rows.map(({ words: text }) => text.textContent).join(", ");
      pin.chart.describe(`Class probabilities over time; at t = ${time.toFixed(2)}: ${words}`);
    }
  }
}

function drawRow() {
  const [row, swatch, words] = elements("div", "s", "span");
  row.append(swatch, words);
  return { row, swatch, words };
}
