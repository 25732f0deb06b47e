// Time under the hand: one solve in the browser, any depth of it drawn at once. Nothing here asks the server anything,
// but for telling it where the hand came to rest, so that a link can hold it.

const LAYOUTS = { overlay: "Overlay", side: "Side by side", divider: "Divider" };
const SHOWN = { labels: "Labels", confidence: "Confidence", errors: "Errors" };
const SPEEDS = [1, 2, 0.25, 0.5];
const PLAY_SECONDS = 6; // from 0 to T at speed 1
const REST_MS = 250; // after the last movement, before the address and the server learn of it
const NOTCHES = 10_000; // times a unit where a hand can stand: the address holds them exactly
const SLICE_MS = 8; // of tracing the curve, between which the page is free
const NARROW = 640; // as in the stylesheet: drawers that are not needed at once begin closed
const FIRST = { layout: "overlay", show: "labels", opacity: 0.6, hatch: false, divide: 0.5, share: 0.3 };
const ICONS = {
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M7 5.5h3.5v13H7zM13.5 5.5H17v13h-3.5z",
  back: "M15.5 6v12L8 12zM6 6h1.6v12H6z",
  forward: "M8.5 6v12l7.5-6zM16.4 6H18v12h-1.6z",
  loop: "M6 12V8.500h9.500V5.500L20 9.500l-4.500 4v-3H8V12zM18 12v3.500H8.500v3L4 14.500l4.500-4v3H16V12z",
};

class Scrubber {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    Object.assign(this, { single: null, held: null, cursor: null, speed: 1, looping: false, playing: null });
    Object.assign(this, { queued: false, holding: false }, FIRST, asked(LAYOUTS, SHOWN));
    this.pins = new Pins(root, () => this.rest());
    this.#choices();
    this.#listen();
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
    this.#fill();
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

  // What stands beside the picture and changes with the solve, not with time.
  #fill() {
    const { data } = this, slider = this.find(".track input");
    slider.max = data.until;
    this.find(".note").textContent = data.note;
    this.find(".ticks").replaceChildren(
      ...data.steps.map((time) => {
        const tick = document.createElement("i");
        tick.style.setProperty("--at", time / data.until);
        return tick;
      }),
    );
    this.find(".classes summary span").textContent = this.truth ? "IoU at t, %" : "share of pixels at t, %";
    this.legend = data.names.map((name, id) => this.#entry(name, id));
    this.find(".classes ul").replaceChildren(...this.legend.map((entry) => entry.item));
    const moving = { ...(data.spent && { "evaluations by t": "" }), "pixels settled at t": "" };
    this.facts = {};
    const rows = Object.entries({ ...Object.fromEntries(data.facts), ...moving }).map(([term, value]) => {
      const name = document.createElement("dt"), text = (this.facts[term] = document.createElement("dd"));
      name.textContent = term;
      text.textContent = value;
      return [name, text];
    });
    this.find(".facts dl").replaceChildren(...rows.flat());
    this.find("[data-choice=show] [value=errors]").disabled = !this.truth;
    this.#arrange();
  }

  #entry(name, id) {
    const item = document.createElement("li"), button = document.createElement("button");
    const parts = ["i", "span", "s", "b"].map((tag) => document.createElement(tag));
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.style.setProperty("--ink", `rgb(${this.data.palette[id]})`);
    parts[1].textContent = name;
    button.append(...parts);
    item.append(button);
    button.onpointerenter = button.onfocus = () => this.#singleOut(id);
    button.onpointerleave = button.onblur = () => this.#singleOut(this.held);
    button.onclick = () => {
      this.held = this.held === id ? null : id;
      this.legend.forEach((entry, other) => entry.button.setAttribute("aria-pressed", other === this.held));
      this.#singleOut(this.held);
    };
    return { item, button, bar: parts[2], value: parts[3] };
  }

  #singleOut(id) {
    this.single = id;
    this.#queue();
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
    this.#count();
    this.pins.move(time);
    if (this.cursor) this.#tell(this.cursor);
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

  #count() {
    const { data, scores, final, flow, time } = this, pixels = flow.labels.length;
    this.legend.forEach(({ bar, value, button }, id) => {
      // Where there is no truth, `final` counted every pixel.
      const share = scores ? scores.iou(id) : final.predicted[id] / pixels;
      const none = Number.isNaN(share) || (!scores && !share && !final.actual[id]);
      say(value, none ? "–" : (100 * share).toFixed(0));
      bar.style.backgroundSize = `${none ? 0 : (100 * share).toFixed(1)}% 100%`;
      button.classList.toggle("none", none);
    });
    const done = data.steps.filter((step) => step < time - 1e-9).length;
    if (data.spent) say(this.facts["evaluations by t"], `${data.spent[done]} of ${data.spent.at(-1)}`);
    say(this.facts["pixels settled at t"], `${(100 * final.accuracy).toFixed(0)} %`);
  }

  // The pixel under the hand, or under the keyboard's cursor.
  #tell(pixel) {
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

  #pin(pixel) {
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
    this.#buttons();
  }

  stop() {
    if (this.playing === null) return;
    cancelAnimationFrame(this.playing);
    this.playing = null;
    this.go(notched(this.time, this.data.until));
    this.#buttons();
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

  #buttons() {
    const playing = this.playing !== null, play = this.find("[data-do=play]");
    for (const name of ["back", "forward", "loop"]) icon(this.find(`[data-do=${name}]`), name);
    icon(play, playing ? "pause" : "play");
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    this.find("[data-do=speed]").textContent = `${this.speed}×`;
    this.find("[data-do=speed]").setAttribute("aria-label", `Speed ${this.speed}`);
    this.find("[data-do=loop]").setAttribute("aria-pressed", this.looping);
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
    this.find(".over").setAttribute("aria-label", `${data.title}, segmented at t = ${this.timeName}: ${words}. ${keys}`);
    return words;
  }

  // Hands and keys.

  #choices() {
    for (const [of, options] of [["layout", LAYOUTS], ["show", SHOWN]])
      this.find(`[data-choice=${of}]`).replaceChildren(...Object.entries(options).map(([value, name]) => {
        const [label, radio, text] = ["label", "input", "span"].map((tag) => document.createElement(tag));
        Object.assign(radio, { type: "radio", name: of, value });
        radio.dataset.of = of;
        radio.onchange = () => this.#set({ [of]: value });
        text.textContent = name;
        label.append(radio, text);
        return label;
      }));
    this.#buttons();
  }

  #set(changes) {
    Object.assign(this, changes);
    this.#arrange();
    this.#queue();
    this.rest();
  }

  #listen() {
    const slider = this.find(".track input"), over = this.find(".over"), divider = this.find(".divider");
    const actions = {
      back: () => this.step(-1),
      forward: () => this.step(1),
      play: () => this.play(),
      speed: () => (this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length]),
      loop: () => (this.looping = !this.looping),
      save: () => {
        const name = `${this.data.file}-t${this.timeName}.png`;
        saved(this.find(".over img"), this.find("canvas"), this.opacity, name);
      },
    };
    for (const button of this.root.querySelectorAll("[data-do]"))
      button.onclick = () => {
        if (this.data) actions[button.dataset.do]();
        this.#buttons();
      };
    slider.oninput = () => this.move(+slider.value);
    this.find("[name=opacity]").oninput = (event) => this.#set({ opacity: +event.target.value });
    this.find("[name=hatch]").onchange = (event) => this.#set({ hatch: event.target.checked });
    drag(this.find(".curve"), (event) => this.data && this.move(this.curve.timeAt(event.clientX)));
    drag(divider, (event) => {
      const box = over.getBoundingClientRect();
      this.#set({ divide: Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) });
    });
    over.onpointermove = (event) => {
      if (this.data) this.#tell(event.target === divider ? null : pixelAt(over, event, this.data));
    };
    over.onpointerleave = () => this.data && this.#tell(null);
    over.onclick = (event) => {
      const pixel = this.data && event.target !== divider && pixelAt(over, event, this.data);
      if (pixel) this.#pin(pixel);
    };
    over.onblur = () => this.data && this.#tell(null);
    const release = () => (this.holding = false);
    this.find(".board").onpointerdown = () => {
      this.holding = true;
      for (const name of ["pointerup", "pointercancel"]) addEventListener(name, release, { once: true, capture: true });
    };
    this.find(".board").onkeydown = (event) => {
      event.stopPropagation(); // Streamlit reruns on r and clears its cache on c
      if (this.data && !event.ctrlKey && !event.metaKey && !event.altKey && this.#key(event)) event.preventDefault();
    };
  }

  // Whether a key was ours.
  #key({ key, target, shiftKey }) {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (target === this.find(".over")) {
      if (way) {
        const { width, height } = this.data, far = shiftKey ? 1 : 8, [x, y] = this.cursor ?? [width >> 1, height >> 1];
        const inside = (value, size) => Math.min(Math.max(value, 0), size - 1);
        this.#tell([inside(x + far * way[0], width), inside(y + far * way[1], height)]);
        this.find(".spoken").textContent = this.find(".tip").textContent;
        return true;
      }
      if (key === "Enter" && this.cursor) return this.#pin(this.cursor), true;
      if (["Delete", "Backspace"].includes(key) && this.pins.places.length)
        return this.pins.remove(), this.rest(), true;
    }
    if (target === this.find(".divider") && way?.[0])
      return this.#set({ divide: Math.min(Math.max(this.divide + 0.02 * way[0], 0), 1) }), true;
    if (target === this.find(".track input")) {
      const { until } = this.data, far = { PageUp: 0.1, PageDown: -0.1 }[key] ?? (way && 0.01 * (way[0] - way[1]));
      if (far && shiftKey) return this.step(Math.sign(far)), true;
      if (far) return this.move(this.time + far * until), true;
      if (key === "Home" || key === "End") return this.move(key === "End" ? until : 0), true;
    }
    if (key === "," || key === ".") return this.step(key === "." ? 1 : -1), true;
    if (key === " " && !target.closest("button, [type=checkbox], [type=radio], summary")) return this.play(), true;
    return false;
  }
}

// The nearest time that a hand can stand at; the end is one, whatever its digits.
function notched(time, until) {
  return until - time < 1 / NOTCHES ? until : Math.round(time * NOTCHES) / NOTCHES;
}

function icon(button, name) {
  const svg = element("svg", { viewBox: "0 0 24 24", "aria-hidden": true });
  element("path", { d: ICONS[name] }, svg);
  button.replaceChildren(svg);
}

function drag(part, move) {
  part.onpointerdown = (event) => {
    part.setPointerCapture(event.pointerId);
    move(event);
    event.preventDefault();
  };
  part.addEventListener("pointermove", (event) => part.hasPointerCapture(event.pointerId) && move(event));
}

const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = new Scrubber(parentElement)));
  view.api = { setStateValue };
  if (view.ticket !== data.id) view.load(data).catch((error) => view.fail(error));
  return () => view.stop();
}
