// How it works: a drawer beside the picture, whose terms light up with the present t and step. It is not modal, so that
// time can be dragged while it is read.

import { elements, setText } from "../kit/dom.js";

const PAPER = "https://arxiv.org/abs/2209.08667";
const CITATION =
  "S. Khoshirat and C. Kambhamettu, Semantic Segmentation using Neural Ordinary Differential Equations, ISVC 2022.";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

const CONTENT = `
  <header><h2>How it works</h2><button type="button" class="close" aria-label="Close">×</button></header>
  <p class="equation" role="math" aria-label="h of t is h of 0 plus the integral of f of h from 0 to t. The labels at t
    are the largest scores of the head of h of t.">
    <span data-lit="state">h(t)</span> = <span data-lit="start">h(0)</span> +
    <span data-lit="flow">∫<sub>0</sub><sup>t</sup> f(h) dt</span><br />
    labels = argmax <span data-lit="head">head(h(t))</span>
  </p>
  <ol>
    <li data-lit="start"><b>Picture → h(0).</b> A few convolutions turn the picture into a state: feature maps at four
      scales.</li>
    <li data-lit="flow"><b>f</b> is a network. It says how fast each number of the state changes:
      dh/dt = f(h). It is the same f at every t: depth has become time.</li>
    <li data-lit="state"><b>The solver</b> follows that slope from 0 to T. <span class="step"></span>
      <ul class="evaluations"></ul></li>
    <li data-lit="head"><b>The head</b> reads a score for each class out of h(t); a pixel gets the class with the highest.
      It was trained at T: before T, it shows how far the state has come.</li>
  </ol>
  <details><summary>Words on this page</summary><dl></dl></details>
  <p class="links"><a href="${PAPER}" target="_blank" rel="noopener">The paper</a>
    <button type="button" class="cite">Copy citation</button></p>
`;

export class HowItWorks {
  #panel;
  #opener; // the button that opened it
  #steps;
  #trained; // the T of training
  #tableau; // { nodes, coefficients, weights } of a method with fixed steps, or null

  // root: of the component's document.
  constructor(root) {
    [this.#panel] = elements("section");
    Object.assign(this.#panel, { className: "how", popover: "manual", innerHTML: CONTENT });
    this.#panel.setAttribute("aria-label", "How it works");
    root.querySelector(".board").append(this.#panel);
    this.#panel.querySelector(".close").onclick = () => this.#close();
    this.#panel.addEventListener("keydown", ({ key }) => key === "Escape" && this.#close());
    this.#panel.querySelector(".cite").onclick = ({ target }) =>
      navigator.clipboard.writeText(CITATION).then(
        () => (target.textContent = "Copied"),
        () => target.replaceWith(CITATION), // where the browser forbids it, to be copied by hand
      );
  }

  toggle(opener) {
    this.#opener = opener;
    if (this.#panel.matches(":popover-open")) return this.#close();
    this.#panel.showPopover();
    this.#opener.setAttribute("aria-expanded", true);
    this.#panel.querySelector(".close").focus();
  }

  #close() {
    this.#panel.hidePopover();
    this.#opener.setAttribute("aria-expanded", false);
    this.#opener.focus();
  }

  // Another solve.
  load({ steps, tableau, terms, until, trained = until }) {
    this.#trained = trained;
    this.#steps = steps;
    this.#tableau = tableau;
    const rows = terms.flatMap(([name, meaning]) => {
      const [term, text] = elements("dt", "dd");
      term.textContent = name;
      text.textContent = meaning;
      return [term, text];
    });
    this.#panel.querySelector("dl").replaceChildren(...rows);
    this.#panel.querySelector(".evaluations").replaceChildren(...this.#evaluations());
  }

  // The method's own formulas: a line for each evaluation of a step, and one for its end.
  #evaluations() {
    const { nodes, coefficients, weights } = this.#tableau ?? { nodes: [], coefficients: [], weights: [] };
    const lines = nodes.map((node, i) => `k${SUBSCRIPTS[i + 1]} = f(h${sum(coefficients[i])})`);
    if (weights.length) lines.push(`next h = h${sum(weights)}`);
    return lines.map((text) => Object.assign(document.createElement("li"), { textContent: text }));
  }

  // What is under way at a time lights up.
  setTime(time) {
    const steps = this.#steps, last = steps.length - 1, end = steps[last];
    const lit = { start: time === 0, flow: time > 0 && time < end, state: time > 0, head: time >= 0.9999 * Math.min(this.#trained, end) };
    for (const part of this.#panel.querySelectorAll("[data-lit]")) part.classList.toggle("lit", lit[part.dataset.lit]);
    const after = steps.findIndex((step) => step >= time), index = Math.max(after, 1), [from, to] = steps.slice(index - 1);
    const words = `Step ${index} of ${last}, from t = ${from.toFixed(2)} to ${to.toFixed(2)}.`;
    const why = this.#tableau ? "" : " This solver chooses its steps to keep its tolerance.";
    setText(this.#panel.querySelector(".step"), words + why);
    const share = (time - from) / (to - from);
    const reached = [...(this.#tableau?.nodes ?? []), 1];
    [...this.#panel.querySelector(".evaluations").children].forEach((line, i) =>
      line.classList.toggle("lit", share >= reached[i]),
    );
  }
}

// " + Δt (1/2 k₁ + k₂)" or " + 1/2 Δt k₁" of the coefficients of evaluations; nothing where all are 0.
function sum(coefficients) {
  const terms = coefficients.map((share, i) => [share, `k${SUBSCRIPTS[i + 1]}`]).filter(([share]) => share !== 0);
  if (terms.length === 1) return ` + ${fraction(terms[0][0])}Δt ${terms[0][1]}`;
  const words = terms.map(([share, name], i) => `${sign(share, i)}${fraction(Math.abs(share))}${name}`);
  return words.length ? ` + Δt (${words.join("")})` : "";
}

function sign(share, place) {
  if (share < 0) return place ? " − " : "−";
  return place ? " + " : "";
}

// 1/6 of 0.1666; nothing of 1.
function fraction(share) {
  if (share === 1) return "";
  const below = [2, 3, 4, 6, 8].find((number) => Math.abs(share * number - Math.round(share * number)) < 1e-6);
  return below ? `${Math.round(share * below)}/${below} ` : `${share} `;
}
