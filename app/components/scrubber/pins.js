// Pinned pixels: a mark on the picture and a chart of class probabilities for each, numbered alike.

import { placeAtPixel } from "../kit/canvas.js";
import { elements, setText, svgElement } from "../kit/dom.js";
import { PixelChart } from "./pixel_chart.js";

export class Pins {
  #marks;
  #list;
  #hint;
  #solve;
  #pins = []; // what is drawn of each: { pixel, mark, item, number, text, svg, chart }
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
    for (const { pixel, mark, item } of this.#pins)
      if (!pixels.includes(pixel)) {
        mark.remove();
        item.remove();
      }
    this.#pins = pixels.map((pixel) => this.#pins.find((pin) => pin.pixel === pixel) ?? this.#draw(pixel));
    this.#pins.forEach(({ mark, number }, i) => (mark.textContent = number.textContent = i + 1));
    this.#hint.hidden = pixels.length > 0;
    this.setTime(time);
  }

  #draw(pixel) {
    const { flow, data } = this.#solve;
    const [mark, item, number, text, close] = elements("i", "li", "em", "span", "button");
    const svg = svgElement("svg", { role: "img" });
    placeAtPixel(mark, pixel, data);
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", `Remove the pin at ${pixel.join(", ")}`);
    close.onclick = () => this.#onRemove(pixel);
    item.append(number, svg, text, close);
    this.#marks.append(mark);
    this.#list.append(item);
    return { pixel, mark, item, number, text, svg, chart: new PixelChart(svg, flow, pixel, data) };
  }

  setTime(time) {
    for (const { chart, text, svg } of this.#pins) {
      const { name, share } = chart.setTime(time);
      setText(text, `${name} ${(100 * share).toFixed(0)} %`);
      svg.setAttribute("aria-label", `Class probabilities over time: ${text.textContent} at t = ${time.toFixed(2)}`);
    }
  }
}
