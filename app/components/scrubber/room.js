// How much of the page is shown: present mode, in which the picture is as large as the screen and keys work wherever
// the focus is, and the panels that a link leaves out.

import { addressWith } from "../kit/address.js";
import { elements } from "../kit/dom.js";
import { writeView } from "./address.js";
import { useKeyOnTime } from "./input.js";
import { PANELS } from "./state.js";

const KEYS = [
  ["space", "play or pause"],
  ["← →", "move time; with shift, to the solver's previous or next step"],
  [", .", "to the solver's previous or next step"],
  ["Home End", "to t = 0 or to the end"],
  ["c", "what the colours show: labels, confidence, errors, decided"],
  ["l", "layout: overlay, side by side, divider"],
  ["f", "full screen"],
  ["Esc", "leave present mode"],
  ["?", "this list"],
];
const OWN_KEYS = "input, summary, [role=slider], [role=dialog]"; // these parts use keys themselves
const LINKED = "The link holds the scene, the solver, the time, the pins and the view as they are now.";

export class Room {
  #scrubber;
  #board;
  #presentButton;
  #keys; // the dialogs
  #lesson;

  constructor(scrubber) {
    const { find, root } = scrubber, board = find(".board");
    this.#scrubber = scrubber;
    this.#board = board;
    this.#keys = listOfKeys();
    this.#lesson = new LessonDialog(scrubber);
    board.append(this.#keys, this.#lesson.dialog);
    this.#presentButton = linkButton("Present");
    this.#presentButton.classList.add("present");
    find(".intro").append(this.#presentButton);
    const use = { keys: () => this.#keys.showModal(), leave: () => this.#present(false), lesson: () => this.#lesson.open() };
    for (const button of root.querySelectorAll("[data-room]")) button.onclick = use[button.dataset.room];
    this.#presentButton.onclick = () => this.#present(true);
    find(".show-all").onclick = () => scrubber.change({ hidden: [] });
    const onKey = (event) => (root.isConnected ? this.#onKey(event) : removeEventListener("keydown", onKey, true));
    addEventListener("keydown", onKey, true); // before Streamlit, which reruns on r
    this.arrange();
  }

  // Bring the page to what the state says. The page's own parts are hidden by the style sheet of Explore.
  arrange() {
    const { present, hidden } = this.#scrubber.state, { find } = this.#scrubber, page = document.documentElement;
    for (const part of [this.#board, page]) {
      part.toggleAttribute("data-present", present);
      part.dataset.hide = hidden.join(" ");
    }
    const plots = [find(".curve"), find(".decided")], place = find(present ? ".side" : ".stage");
    if (plots[0].parentElement === place) return;
    if (present) place.prepend(...plots);
    else find(".moving").after(...plots);
  }

  #present(present) {
    if (!present && document.fullscreenElement) document.exitFullscreen();
    this.#scrubber.change({ present });
    if (!present) this.#presentButton.focus();
  }

  #onKey(event) {
    const { state, solve } = this.#scrubber, { key } = event, [target] = event.composedPath();
    if (!solve || event.ctrlKey || event.metaKey || event.altKey || this.#board.querySelector("dialog[open]")) return;
    const here = event.composedPath().includes(this.#board);
    const used = key === "?" ? (state.present || here) && !this.#keys.showModal() : state.present && this.#useKey(event, target);
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #useKey(event, target) {
    const { state } = this.#scrubber, { key } = event;
    if (key === "Escape") return this.#present(false), true;
    if (target.matches?.(OWN_KEYS) && !target.matches(".track input")) return false;
    if (key === "f") return toggleFullScreen(), true;
    if (key === "c") return this.#scrubber.change({ show: this.#next("show", state.show) }), true;
    if (key === "l") return this.#scrubber.change({ layout: this.#next("layout", state.layout) }), true;
    return useKeyOnTime(this.#scrubber, event);
  }

  // Of what can be chosen there, what comes after the present choice.
  #next(choice, present) {
    const radios = this.#board.querySelectorAll(`[data-choice=${choice}] input:not(:disabled)`);
    const values = [...radios].map(({ value }) => value);
    return values[(values.indexOf(present) + 1) % values.length];
  }
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {}); // where the browser forbids it, the window stays
}

function listOfKeys() {
  const [list] = elements("dl");
  for (const [key, meaning] of KEYS) {
    const [term, text] = elements("dt", "dd");
    term.textContent = key;
    text.textContent = meaning;
    list.append(term, text);
  }
  return dialog("Keys in present mode", list);
}

// A dialog with a title, these parts, and a button that closes it.
function dialog(title, ...parts) {
  const [box, heading, close] = elements("dialog", "h2", "button");
  heading.textContent = title;
  box.setAttribute("aria-label", title);
  Object.assign(close, { type: "button", className: "close", textContent: "×", ariaLabel: "Close" });
  close.onclick = () => box.close();
  box.addEventListener("click", ({ target }) => target === box && box.close()); // beside it
  box.addEventListener("keydown", (event) => event.stopPropagation());
  box.append(heading, close, ...parts);
  return box;
}

function linkButton(text) {
  const [button] = elements("button");
  return Object.assign(button, { type: "button", className: "link", textContent: text });
}

// A link for a lesson: which panels it shows is ticked.
class LessonDialog {
  dialog;
  #scrubber;
  #ticks; // by panel
  #present;
  #link;

  constructor(scrubber) {
    const [words, list, link, copy] = elements("p", "fieldset", "input", "button");
    this.#scrubber = scrubber;
    this.#ticks = new Map(Object.entries(PANELS).map(([panel, name]) => [panel, tick(list, name)]));
    this.#present = tick(list, "Present mode: the picture as large as the screen");
    words.textContent = LINKED;
    Object.assign(link, { readOnly: true, ariaLabel: "Link", className: "address" });
    Object.assign(copy, { type: "button", className: "copy", textContent: "Copy link" });
    copy.onclick = async () => (await scrubber.copy(link.value), this.dialog.close());
    list.onchange = () => (link.value = this.#address());
    this.#link = link;
    this.dialog = dialog("Lesson link", words, list, link, copy);
    this.dialog.classList.add("lesson");
  }

  open() {
    const { state } = this.#scrubber;
    for (const [panel, box] of this.#ticks) box.checked = !state.hidden.includes(panel);
    this.#present.checked = state.present;
    this.#link.value = this.#address();
    this.dialog.showModal();
  }

  #address() {
    const hidden = [...this.#ticks].filter(([, box]) => !box.checked).map(([panel]) => panel);
    return addressWith({ ...writeView(this.#scrubber.state), hide: hidden.join(","), present: this.#present.checked ? "1" : "" });
  }
}

function tick(list, name) {
  const [label, box] = elements("label", "input");
  box.type = "checkbox";
  label.append(box, name);
  list.append(label);
  return box;
}
