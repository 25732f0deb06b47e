// What stands beside the picture: the classes and how each fares at t, and the facts of the solve.

class Side {
  // singled: called with the class that is to stand out alone, or null.
  constructor(root, singled) {
    const [note, heading, list, facts] = [".note", ".classes summary span", ".classes ul", ".facts dl"].map((part) =>
      root.querySelector(part),
    );
    Object.assign(this, { note, heading, list, facts, singled, held: null });
  }

  // Another solve. scores: against the truth, or null. final: against the answer at the end.
  load(data, scores, final) {
    Object.assign(this, { data, scores, final });
    if (this.held >= data.names.length) this.singled((this.held = null));
    this.note.textContent = data.note;
    this.heading.textContent = scores ? "IoU at t, %" : "share of pixels at t, %";
    this.entries = data.names.map((name, id) => this.#entry(name, id));
    this.list.replaceChildren(...this.entries.map(({ item }) => item));
    const moving = { ...(data.spent && { "evaluations by t": "" }), "pixels settled at t": "" };
    this.values = {};
    const rows = Object.entries({ ...Object.fromEntries(data.facts), ...moving }).map(([term, value]) => {
      const name = document.createElement("dt"), text = (this.values[term] = document.createElement("dd"));
      name.textContent = term;
      text.textContent = value;
      return [name, text];
    });
    this.facts.replaceChildren(...rows.flat());
  }

  #entry(name, id) {
    const item = document.createElement("li"), button = document.createElement("button");
    const parts = ["i", "span", "s", "b"].map((tag) => document.createElement(tag));
    button.type = "button";
    button.setAttribute("aria-pressed", id === this.held);
    button.style.setProperty("--ink", `rgb(${this.data.palette[id]})`);
    parts[1].textContent = name;
    button.append(...parts);
    item.append(button);
    button.onpointerenter = button.onfocus = () => this.singled(id);
    button.onpointerleave = button.onblur = () => this.singled(this.held);
    button.onclick = () => {
      this.held = this.held === id ? null : id;
      this.entries.forEach((entry, other) => entry.button.setAttribute("aria-pressed", other === this.held));
      this.singled(this.held);
    };
    return { item, button, bar: parts[2], value: parts[3] };
  }

  // Bring every value to a time that `scores` and `final` have counted.
  move(time) {
    const { data, scores, final, values } = this;
    this.entries.forEach(({ bar, value, button }, id) => {
      // Where there is no truth, `final` counted every pixel.
      const share = scores ? scores.iou(id) : final.predicted[id] / final.pixels;
      const none = Number.isNaN(share) || (!scores && !share && !final.actual[id]);
      say(value, none ? "–" : (100 * share).toFixed(0));
      bar.style.backgroundSize = `${none ? 0 : (100 * share).toFixed(1)}% 100%`;
      button.classList.toggle("none", none);
    });
    const done = data.steps.filter((step) => step < time - 1e-9).length;
    if (data.spent) say(values["evaluations by t"], `${data.spent[done]} of ${data.spent.at(-1)}`);
    say(values["pixels settled at t"], `${(100 * final.accuracy).toFixed(0)} %`);
  }
}
