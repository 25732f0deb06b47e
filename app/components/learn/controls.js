// What a person sets: choices, sliders, menus and buttons, each with words for what it stands at.

import { elements, radioButtons, setText } from "../kit/dom.js";

export class Controls {
  #heads;
  #under;
  #onChange;
  #holders = []; // of what may have to wait for an answer

  // heads: the row above the plane, for choices. under: the place below it, for the others. onChange: called after
  // each change by hand.
  constructor(heads, under, onChange) {
    this.#heads = heads;
    this.#under = under;
    this.#onChange = onChange;
  }

  clear() {
    this.#heads.replaceChildren();
    this.#under.replaceChildren();
    this.#holders = [];
  }

  // Hold what would give an answer away: "name" of a slider, "name=option" of a choice.
  hold(names) {
    for (const holder of this.#holders) holder(names);
  }

  // A row of radio buttons for `options`, {value: label}. Returns what marks one of them and what hides the row.
  choice(name, label, options, choose) {
    const [group] = elements("div");
    group.className = "choice";
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", label);
    group.append(...radioButtons(`learn-${name}`, options, (value) => this.#change(() => choose(value))));
    this.#heads.append(group);
    const radios = [...group.querySelectorAll("input")];
    this.#holders.push((names) => {
      for (const radio of radios) radio.disabled = names.includes(`${name}=${radio.value}`);
    });
    return {
      show: (value) => radios.forEach((radio) => (radio.checked = radio.value === value)),
      hide: (hidden) => (group.hidden = hidden),
    };
  }

  // A slider. set: takes its value. words: says what it stands at. Returns what moves it and what hides it, and its
  // label and input.
  slider(name, label, [low, high, step], set, words, wide = false) {
    const [row, text, input, output] = elements("label", "span", "input", "output");
    row.className = wide ? "slider wide" : "slider";
    text.textContent = label;
    Object.assign(input, { type: "range", min: low, max: high, step });
    row.append(text, input, output);
    this.#under.append(row);
    const show = (value) => {
      input.value = value;
      setText(output, words());
      input.setAttribute("aria-valuetext", words());
      input.style.setProperty("--share", `${(100 * (input.value - input.min)) / (input.max - input.min)}%`);
    };
    input.oninput = () =>
      this.#change(() => {
        set(Number(input.value));
        show(input.value);
      });
    this.#holders.push((names) => (input.disabled = names.includes(name)));
    return { show, hide: (hidden) => (row.hidden = hidden), text, input };
  }

  // A menu of `options`, {value: label}. Returns what marks one of them.
  menu(label, options, choose) {
    const [row, text, select] = elements("label", "span", "select");
    row.className = "menu";
    text.textContent = label;
    select.append(...Object.entries(options).map(([value, words]) => new Option(words, value)));
    select.onchange = () => this.#change(() => choose(select.value));
    row.append(text, select);
    this.#under.append(row);
    return { show: (value) => (select.value = value) };
  }

  // A button, at the end of `parent`.
  button(label, press, parent = this.#under) {
    const [button] = elements("button");
    Object.assign(button, { type: "button", textContent: label, className: "push" });
    button.onclick = () => this.#change(press);
    parent.append(button);
    return button;
  }

  #change(act) {
    act();
    this.#onChange();
  }
}
