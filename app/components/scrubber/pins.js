// Pinned pixels: a mark on the picture and a chart of class probabilities for each, numbered alike.

const MOST_PINS = 4;

class Pins {
  // removed: called when a person has taken one away.
  constructor(root, removed) {
    const [marks, list, hint] = [".marks", ".pins ol", ".pins .hint"].map((part) => root.querySelector(part));
    Object.assign(this, { marks, list, hint, removed, pins: [] });
  }

  get places() {
    return this.pins.map((pin) => pin.place);
  }

  // Another solve: its pins are these places, where the picture has them.
  load(data, flow, places) {
    while (this.pins.length) this.remove(this.pins[0]);
    Object.assign(this, { data, flow });
    for (const place of places) this.add(place);
  }

  add([x, y]) {
    const { data } = this;
    if (!(x >= 0 && y >= 0 && x < data.width && y < data.height)) return;
    if (this.pins.length === MOST_PINS) this.remove(this.pins[0]);
    const parts = ["i", "li", "em", "span", "button"].map((tag) => document.createElement(tag));
    const [mark, item, number, text, close] = parts;
    const svg = element("svg", { role: "img" });
    place(mark, [x, y], data);
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", `Remove the pin at ${x}, ${y}`);
    item.append(number, svg, text, close);
    const chart = new PixelChart(svg, this.flow, [x, y], data.palette, data.names);
    const pin = { place: [x, y], mark, item, number, text, svg, chart };
    close.onclick = () => {
      this.remove(pin);
      this.removed();
    };
    this.pins.push(pin);
    this.marks.append(mark);
    this.list.append(item);
    this.#renumber();
  }

  remove(pin = this.pins.at(-1)) {
    this.pins = this.pins.filter((other) => other !== pin);
    pin.mark.remove();
    pin.item.remove();
    this.#renumber();
  }

  #renumber() {
    this.pins.forEach(({ mark, number }, i) => (mark.textContent = number.textContent = i + 1));
    this.hint.hidden = this.pins.length > 0;
  }

  // Bring every chart to a time.
  move(time) {
    for (const { chart, text, svg } of this.pins) {
      const { name, share } = chart.move(time);
      say(text, `${name} ${(100 * share).toFixed(0)} %`);
      svg.setAttribute("aria-label", `Class probabilities over time: ${text.textContent} at t = ${time.toFixed(2)}`);
    }
  }
}

// Put a part where a pixel is.
function place(part, [x, y], { width, height }) {
  part.style.left = `${(100 * (x + 0.5)) / width}%`;
  part.style.top = `${(100 * (y + 0.5)) / height}%`;
}

// Words that may be those of before: what is not written need not be laid out again.
function say(part, words) {
  if (!part.firstChild) part.textContent = words;
  else if (part.firstChild.data !== words) part.firstChild.data = words;
}
