// Time under the hand: one solve in the browser, any depth of it drawn at once. Nothing here asks the server anything,
// but for telling it where the hand came to rest, so that a link can hold it.

const LAYOUTS = { overlay: "Overlay", side: "Side by side", divider: "Divider" };
const SHOWN = { labels: "Labels", confidence: "Confidence", errors: "Errors" };
const PLAY_SECONDS = 6; // from 0 to T at speed 1
const REST_MS = 250; // after the last movement, before the address and the server learn of it
const NOTCHES = 10_000; // times a unit where a hand can stand: the address holds them exactly
const SLICE_MS = 8; // of tracing the curve, between which the page is free
const NARROW = 640; // as in the stylesheet: drawers that are not needed at once begin closed
const FIRST = { layout: "overlay", show: "labels", opacity: 0.6, hatch: false, divide: 0.5, share: 0.3 };

class Scrubber {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    Object.assign(this, { single: null, cursor: null, speed: 1, looping: false, playing: null });
    Object.assign(this, { queued: false, holding: false }, FIRST, asked(LAYOUTS, SHOWN));
    this.pins = new Pins(root, () => this.rest());
    this.side = new Side(root, (id) => {
      this.single = id;
      this.#queue();
    });
    choices(this);
    listen(this);
    buttons(this);
    if (innerWidth < NARROW) for (const name of ["view", "facts"]) this.find(`.${name}`).open = false;
    new ResizeObserver(() => this.curve?.resize()).observe(this.find(".curve"));
  }

  // Take in a solve. The picture of before stays until the new one is ready.
  async load(data) {
    const ticket = (this.ticket = data.id);
    const [flow, truth, photo] = await Promise.all([
      inflated(data.flow).then((bytes) => unpacked(bytes, data.samples)),
      data.truth ? inflated(data.truth) : null,
      this.#photo(data.photo),
    ]);
    if (ticket !== this.ticket) return;
    const other = this.data && this.data.picture !== data.picture;
    Object.assign(this, { data, truth, flow: new Flow(flow, data), scout: new Flow(flow, data) });
    this.scout.go(data.until);
    this.final = new Scores(this.scout.labels.slice(), data.classes);
    this.scores = truth && new Scores(truth, data.classes);
    this.time = Math.min(this.time ?? FIRST.share * data.until, data.until);
    if (!truth && this.show === "errors") this.show = "labels";
    for (const image of this.root.querySelectorAll(".pane img")) image.src = photo;
    document.documentElement.style.setProperty("--aspect", data.width / data.height); // the page is laid out by it too
    this.painter = new Painter(this.find("canvas"), data.width, data.height, data.palette);
    this.side.load(data, this.scores, this.final);
    this.#ticks();
    this.#arrange();
    const dropped = other && this.pins.places.length > 0;
    this.pins.load(data, this.flow, other ? [] : [...this.linked, ...this.pins.places]);
    this.linked = [];
    const lines = [{ key: "final", name: "vs. own answer" }];
    if (truth) lines.unshift({ key: "truth", name: "vs. truth" });
    this.curve = new Curve(this.find(".curve"), lines, data.until);
    this.draw();
    this.#describe();
    this.find(".board").setAttribute("aria-busy", "false");
    this.#trace(ticket);
    if (dropped) this.rest();
  }

  async #photo(address) {
    const image = new Image();
    image.src = address;
    await image.decode();
    return address;
  }

  // A browser that cannot: say so, and where the same content is drawn by the server.
  fail(error) {
    const board = this.find(".board"), words = document.createElement("p"), link = document.createElement("a");
    const address = new URL(location);
    address.searchParams.set("plain", "true");
    link.href = address;
    link.textContent = "Open the plain player";
    words.className = "failed";
    words.append(`This browser could not draw the solve (${error.message}). `, link, ", which the server draws.");
    board.replaceChildren(words);
    board.setAttribute("aria-busy", "false");
  }

  // The error curve: halves, quarters, eighths, in slices short enough to keep the hand free.
  #trace(ticket) {
    const { data, scout, curve } = this, last = SAMPLES - 1;
    const order = [0, last];
    for (let far = last; far > 1; far /= 2) for (let i = far / 2; i < last; i += far) order.push(i);
    const some = () => {
      if (ticket !== this.ticket) return;
      const began = performance.now();
      while (order.length && performance.now() - began < SLICE_MS) {
        const time = (data.until * order.shift()) / last;
        scout.go(time);
        curve.add(time, this.#errors(scout.labels));
      }
      curve.redraw();
      if (order.length) setTimeout(some);
      else this.draw(); // which counts on the same tables
    };
    setTimeout(some);
  }

  #errors(labels) {
    const errors = { final: 100 - 100 * this.final.count(labels).meanIou };
    if (this.scores) errors.truth = 100 - 100 * this.scores.count(labels).meanIou;
    return errors;
  }

  // Where the solver stepped, along the slider.
  #ticks() {
    const { steps, until } = this.data, ticks = steps.map(() => document.createElement("i"));
    ticks.forEach((tick, i) => tick.style.setProperty("--at", steps[i] / until));
    this.find(".ticks").replaceChildren(...ticks);
    this.find(".track input").max = until;
  }

  // Layout, colours and opacity as they are chosen.
  #arrange() {
    const board = this.find(".board");
    Object.assign(board.dataset, { layout: this.layout, show: this.show });
    board.style.setProperty("--opacity", this.opacity);
    board.style.setProperty("--divide", this.divide);
    this.find(".divider").setAttribute("aria-valuenow", Math.round(100 * this.divide));
    this.find("[name=opacity]").value = this.opacity;
    this.find("[name=hatch]").checked = this.hatch;
    this.find(".scale").hidden = this.show !== "confidence";
    this.find("[data-choice=show] [value=errors]").disabled = !this.truth;
    for (const radio of this.root.querySelectorAll(".choice input"))
      radio.checked = this[radio.dataset.of] === radio.value;
  }

  go(time) {
    this.time = Math.min(Math.max(time, 0), this.data.until);
    this.#queue();
  }

  #queue() {
    if (this.queued || !this.data) return;
    this.queued = true;
    requestAnimationFrame(() => this.draw());
  }

  // Everything that changes with time, once a frame at most.
  draw() {
    this.queued = false;
    const { data, flow, time } = this;
    flow.go(time);
    this.painter.paint(flow, this.truth, this);
    const errors = this.#errors(flow.labels), slider = this.find(".track input"), words = this.#words(errors);
    slider.value = time;
    this.find(".rail").style.backgroundSize = `${(100 * time) / data.until}% 100%`;
    slider.setAttribute("aria-valuetext", words);
    say(this.find(".badge"), words);
    this.curve.move(time, errors);
    this.side.move(time);
    this.pins.move(time);
    if (this.cursor) this.tell(this.cursor);
  }

  get timeName() {
    return this.time.toFixed(2);
  }

  #words({ truth, final }) {
    const name = `t = ${this.timeName}`;
    return truth === undefined
      ? `${name} · ${(100 - final).toFixed(1)} % agreement with its own answer`
      : `${name} · mIoU ${(100 - truth).toFixed(1)}`;
  }

  // The pixel under the hand, or under the keyboard's cursor.
  tell(pixel) {
    const tip = this.find(".tip"), { data, flow } = this;
    this.cursor = pixel;
    tip.hidden = !pixel;
    if (!pixel) return;
    const [x, y] = pixel, shares = flow.probabilities(x, y, this.time), id = shares.indexOf(Math.max(...shares));
    tip.textContent = `${data.names[id]} ${(100 * shares[id]).toFixed(0)} %`;
    tip.style.setProperty("--ink", `rgb(${data.palette[id]})`);
    place(tip, [x, y], data);
    tip.classList.toggle("left", x > 0.7 * data.width);
    tip.classList.toggle("below", y < 0.12 * data.height);
  }

  pin(pixel) {
    this.pins.add(pixel);
    this.pins.move(this.time);
    this.rest();
  }

  // Playing.

  play() {
    if (this.playing !== null) return this.stop();
    if (this.time >= this.data.until) this.time = 0;
    let before = performance.now();
    const on = (now) => {
      this.time += ((now - before) / 1000 / PLAY_SECONDS) * this.speed * this.data.until;
      before = now;
      if (this.time >= this.data.until && this.looping) this.time %= this.data.until;
      this.time = Math.max(0, Math.min(this.time, this.data.until));
      this.draw();
      if (this.time >= this.data.until) this.stop();
      else this.playing = requestAnimationFrame(on);
    };
    this.playing = requestAnimationFrame(on);
    buttons(this);
  }

  stop() {
    if (this.playing === null) return;
    cancelAnimationFrame(this.playing);
    this.playing = null;
    this.go(notched(this.time, this.data.until));
    buttons(this);
    this.rest();
  }

  step(direction) {
    const steps = this.data.steps, far = 1e-6 * this.data.until;
    const next = direction > 0 ? steps.find((t) => t > this.time + far) : steps.findLast((t) => t < this.time - far);
    this.stop();
    this.go(next ?? (direction > 0 ? this.data.until : 0));
    this.rest();
  }

  // Time moved by hand: what plays stops.
  move(time) {
    this.stop();
    this.go(notched(time, this.data.until));
    this.rest();
  }

  // The hand came to rest: the address, the server and whoever listens learn where.
  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.holding) return this.rest(); // it halts, and still holds what it moves
      const view = told(this);
      this.find(".spoken").textContent = `${this.find(".badge").textContent}: ${this.#describe()}`;
      this.api.setStateValue("place", view);
    }, REST_MS);
  }

  // The picture in words, for those who do not see it.
  #describe() {
    const { data, final } = this, pixels = this.flow.labels.length;
    const counts = data.names.map((name, id) => [final.predicted[id] / pixels, name]);
    const largest = counts.sort((a, b) => b[0] - a[0]).slice(0, 4).filter(([share]) => share > 0.005);
    const words = largest.map(([share, name]) => `${name} ${(100 * share).toFixed(0)} %`).join(", ");
    const keys = "Arrow keys move a cursor over it, Enter pins a pixel.";
    const seen = `${data.title}, segmented at t = ${this.timeName}`;
    this.find(".over").setAttribute("aria-label", `${seen}: ${words}. ${keys}`);
    return words;
  }

  set(changes) {
    Object.assign(this, changes);
    this.#arrange();
    this.#queue();
    this.rest();
  }
}

// The nearest time that a hand can stand at; the end is one, whatever its digits.
function notched(time, until) {
  return until - time < 1 / NOTCHES ? until : Math.round(time * NOTCHES) / NOTCHES;
}

const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = new Scrubber(parentElement)));
  view.api = { setStateValue };
  if (view.ticket !== data.id) view.load(data).catch((error) => view.fail(error));
  return () => view.stop();
}
