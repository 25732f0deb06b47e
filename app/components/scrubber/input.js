// Hands and keys: what is pressed, dragged and chosen, told to the scrubber.

const SPEEDS = [1, 2, 0.25, 0.5];
const ICONS = {
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M7 5.5h3.5v13H7zM13.5 5.5H17v13h-3.5z",
  back: "M15.5 6v12L8 12zM6 6h1.6v12H6z",
  forward: "M8.5 6v12l7.5-6zM16.4 6H18v12h-1.6z",
  loop: "M6 12V8.500h9.500V5.500L20 9.500l-4.500 4v-3H8V12zM18 12v3.500H8.500v3L4 14.500l4.500-4v3H16V12z",
};

// The radio buttons of the layouts and of what the colours show.
function choices(view) {
  for (const [of, options] of [["layout", LAYOUTS], ["show", SHOWN]])
    view.find(`[data-choice=${of}]`).replaceChildren(...Object.entries(options).map(([value, name]) => {
      const [label, radio, text] = ["label", "input", "span"].map((tag) => document.createElement(tag));
      Object.assign(radio, { type: "radio", name: of, value });
      radio.dataset.of = of;
      radio.onchange = () => view.set({ [of]: value });
      text.textContent = name;
      label.append(radio, text);
      return label;
    }));
}

// What the buttons of the transport show and say.
function buttons(view) {
  const playing = view.playing !== null, play = view.find("[data-do=play]");
  for (const name of ["back", "forward", "loop"]) icon(view.find(`[data-do=${name}]`), name);
  icon(play, playing ? "pause" : "play");
  play.setAttribute("aria-label", playing ? "Pause" : "Play");
  view.find("[data-do=speed]").textContent = `${view.speed}×`;
  view.find("[data-do=speed]").setAttribute("aria-label", `Speed ${view.speed}`);
  view.find("[data-do=loop]").setAttribute("aria-pressed", view.looping);
}

// Attend to every part that a person can move.
function listen(view) {
  const slider = view.find(".track input"), over = view.find(".over"), divider = view.find(".divider");
  const actions = {
    back: () => view.step(-1),
    forward: () => view.step(1),
    play: () => view.play(),
    speed: () => (view.speed = SPEEDS[(SPEEDS.indexOf(view.speed) + 1) % SPEEDS.length]),
    loop: () => (view.looping = !view.looping),
    save: () => {
      const name = `${view.data.file}-t${view.timeName}.png`;
      saved(view.find(".over img"), view.find("canvas"), view.opacity, name);
    },
  };
  for (const button of view.root.querySelectorAll("[data-do]"))
    button.onclick = () => {
      if (view.data) actions[button.dataset.do]();
      buttons(view);
    };
  slider.oninput = () => view.move(+slider.value);
  view.find("[name=opacity]").oninput = (event) => view.set({ opacity: +event.target.value });
  view.find("[name=hatch]").onchange = (event) => view.set({ hatch: event.target.checked });
  drag(view.find(".curve"), (event) => view.data && view.move(view.curve.timeAt(event.clientX)));
  drag(divider, (event) => {
    const box = over.getBoundingClientRect();
    view.set({ divide: Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) });
  });
  over.onpointermove = (event) => {
    if (view.data) view.tell(event.target === divider ? null : pixelAt(over, event, view.data));
  };
  over.onpointerleave = () => view.data && view.tell(null);
  over.onclick = (event) => {
    const pixel = view.data && event.target !== divider && pixelAt(over, event, view.data);
    if (pixel) view.pin(pixel);
  };
  over.onblur = () => view.data && view.tell(null);
  const release = () => (view.holding = false);
  view.find(".board").onpointerdown = () => {
    view.holding = true;
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, release, { once: true, capture: true });
  };
  view.find(".board").onkeydown = (event) => {
    event.stopPropagation(); // Streamlit reruns on r and clears its cache on c
    if (view.data && !event.ctrlKey && !event.metaKey && !event.altKey && pressed(view, event)) event.preventDefault();
  };
}

// Whether a key was ours.
function pressed(view, { key, target, shiftKey }) {
  const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (target === view.find(".over")) {
    if (way) {
      const { width, height } = view.data, far = shiftKey ? 1 : 8, [x, y] = view.cursor ?? [width >> 1, height >> 1];
      const inside = (value, size) => Math.min(Math.max(value, 0), size - 1);
      view.tell([inside(x + far * way[0], width), inside(y + far * way[1], height)]);
      view.find(".spoken").textContent = view.find(".tip").textContent;
      return true;
    }
    if (key === "Enter" && view.cursor) return view.pin(view.cursor), true;
    if (["Delete", "Backspace"].includes(key) && view.pins.places.length)
      return view.pins.remove(), view.rest(), true;
  }
  if (target === view.find(".divider") && way?.[0])
    return view.set({ divide: Math.min(Math.max(view.divide + 0.02 * way[0], 0), 1) }), true;
  if (target === view.find(".track input")) {
    const { until } = view.data, far = { PageUp: 0.1, PageDown: -0.1 }[key] ?? (way && 0.01 * (way[0] - way[1]));
    if (far && shiftKey) return view.step(Math.sign(far)), true;
    if (far) return view.move(view.time + far * until), true;
    if (key === "Home" || key === "End") return view.move(key === "End" ? until : 0), true;
  }
  if (key === "," || key === ".") return view.step(key === "." ? 1 : -1), true;
  if (key === " " && !target.closest("button, [type=checkbox], [type=radio], summary")) return view.play(), true;
  return false;
}

function drag(part, move) {
  part.onpointerdown = (event) => {
    part.setPointerCapture(event.pointerId);
    move(event);
    event.preventDefault();
  };
  part.addEventListener("pointermove", (event) => part.hasPointerCapture(event.pointerId) && move(event));
}

function icon(button, name) {
  const svg = element("svg", { viewBox: "0 0 24 24", "aria-hidden": true });
  element("path", { d: ICONS[name] }, svg);
  button.replaceChildren(svg);
}
