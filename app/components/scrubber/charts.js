// What is drawn over time: the error curve under the slider, and the classes of a pinned pixel.

const SVG = "http://www.w3.org/2000/svg";
const SAMPLES = 65; // a power of two and one: of the error curve and of a pixel's classes
const CURVE_HEIGHT = 128, TOP = 8, BOTTOM = 26;
const LABEL_GAP = 28;

function element(name, attributes = {}, parent = null) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

function path(points) {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

// mIoU error over solve time, in percent; the same axis as the slider's above it.
class Curve {
  // lines: {key, name, short}. left, right: pixels beside the axis, as the stylesheet has them.
  constructor(svg, lines, until) {
    Object.assign(this, { svg, until, lines: lines.map((line) => ({ ...line, points: [] })) });
    svg.replaceChildren();
    this.grid = element("g", { class: "grid" }, svg);
    for (const line of this.lines) {
      line.path = element("path", { class: `line ${line.key}` }, svg);
      line.dot = element("circle", { class: `dot ${line.key}`, r: 4.5 }, svg);
      line.text = element("text", { class: `end ${line.key}` }, svg);
      line.text.append(element("tspan", { class: "value", x: 0 }), element("tspan", { class: "name", x: 0, dy: 12 }));
      line.text.lastChild.textContent = line.name;
    }
    this.cursor = element("line", { class: "cursor", y1: 0 }, svg);
    this.top = 5;
    this.resize();
  }

  add(time, errors) {
    for (const line of this.lines) {
      const after = line.points.findIndex(([other]) => other > time);
      line.points.splice(after < 0 ? line.points.length : after, 0, [time, errors[line.key]]);
      this.top = Math.max(this.top, errors[line.key] * 1.06);
    }
  }

  resize() {
    if (!this.svg.isConnected) return;
    const style = getComputedStyle(this.svg);
    this.left = parseFloat(style.getPropertyValue("--left"));
    this.right = parseFloat(style.getPropertyValue("--right"));
    this.width = this.svg.clientWidth || 600;
    this.svg.setAttribute("height", CURVE_HEIGHT);
    this.redraw();
  }

  x(time) {
    return this.left + (time / this.until) * (this.width - this.left - this.right);
  }

  y(error) {
    return CURVE_HEIGHT - BOTTOM - (error / this.top) * (CURVE_HEIGHT - TOP - BOTTOM);
  }

  redraw() {
    const unit = [1, 2, 5, 10, 20, 25, 50].find((step) => this.top / step <= 4) ?? 100;
    this.grid.replaceChildren();
    for (let error = 0; error <= this.top; error += unit) {
      const y = this.y(error);
      element("line", { x1: this.left, x2: this.width - this.right, y1: y, y2: y }, this.grid);
      element("text", { x: this.left - 10, y: y + 4, "text-anchor": "end" }, this.grid).textContent = `${error} %`;
    }
    for (let quarter = 0; quarter <= 4; quarter++) {
      const time = (this.until * quarter) / 4;
      const mark = { x: this.x(time), y: CURVE_HEIGHT - 8, "text-anchor": "middle" };
      element("text", mark, this.grid).textContent = quarter === 4 ? `T = ${+time.toFixed(4)}` : `${+time.toFixed(4)}`;
    }
    const corner = { class: "unit", x: this.left - 10, y: CURVE_HEIGHT - 8, "text-anchor": "end" };
    element("text", corner, this.grid).textContent = "mIoU error";
    for (const { path: drawn, points } of this.lines)
      drawn.setAttribute("d", path(points.map(([time, error]) => [this.x(time), this.y(error)])));
    this.cursor.setAttribute("y2", CURVE_HEIGHT - BOTTOM);
    if (this.now) this.move(...this.now);
  }

  // Cursor, dots and values at a time. errors: percent by line.
  move(time, errors) {
    this.now = [time, errors];
    const x = this.x(time);
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    const heights = this.lines.map(({ key }) => this.y(errors[key]));
    const places = spread(heights, LABEL_GAP, TOP + 8, CURVE_HEIGHT - BOTTOM - 10);
    this.lines.forEach(({ key, dot, text }, i) => {
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", this.y(errors[key]));
      text.setAttribute("transform", `translate(${this.width - this.right + 14} ${places[i].toFixed(1)})`);
      say(text.firstChild, `${errors[key].toFixed(1)} %`);
    });
  }

  timeAt(clientX) {
    const box = this.svg.getBoundingClientRect();
    const share = (clientX - box.left - this.left) / (box.width - this.left - this.right);
    return Math.min(Math.max(share, 0), 1) * this.until;
  }
}

// Places moved as little as keeps each pair a gap apart, within low and high.
function spread(places, gap, low, high) {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const moved = [];
  let floor = low;
  order.forEach((index, rank) => {
    moved[index] = Math.min(Math.max(places[index], floor), high - (order.length - 1 - rank) * gap);
    floor = moved[index] + gap;
  });
  return moved;
}

// The class probabilities of one pixel over time, stacked.
class PixelChart {
  constructor(svg, flow, [x, y], palette, names) {
    Object.assign(this, { svg, flow, place: [x, y], names });
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("preserveAspectRatio", "none");
    const times = Array.from({ length: SAMPLES }, (_, i) => (flow.until * i) / (SAMPLES - 1));
    const shares = times.map((time) => flow.probabilities(x, y, time));
    const floor = new Float64Array(SAMPLES);
    palette.slice(0, flow.classes).forEach((colour, id) => {
      const under = shares.map((_, i) => [(100 * i) / (SAMPLES - 1), 100 - 100 * floor[i]]);
      shares.forEach((share, i) => (floor[i] += share[id]));
      const over = shares.map((_, i) => [(100 * i) / (SAMPLES - 1), 100 - 100 * floor[i]]).reverse();
      if (shares.some((share) => share[id] > 0.002))
        element("path", { d: `${path([...under, ...over])}Z`, fill: `rgb(${colour})` }, svg);
    });
    this.cursor = element("line", { class: "cursor", y1: 0, y2: 100 }, svg);
  }

  // Move the cursor; the winner and its share at that time.
  move(time) {
    const x = (100 * time) / this.flow.until;
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    const shares = this.flow.probabilities(...this.place, time);
    const id = shares.indexOf(Math.max(...shares));
    return { id, name: this.names[id], share: shares[id] };
  }
}
