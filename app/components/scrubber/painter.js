// The colours laid over the photograph: the truth, or labels, confidence, errors or when each pixel was decided.

import { PixelCanvas } from "../kit/canvas.js";
import { pixelColour, sequentialColours } from "../kit/colours.js";
import { IGNORE } from "./scores.js";
import { MOMENTS, momentBefore } from "./sweep.js";

// Distinct without red and green apart; the stylesheet has the same for the key.
const WRONG = pixelColour([0xd8, 0x3a, 0x9d]);
const MISSED = pixelColour([0xf2, 0x8e, 0x1c]);
const FALSE_ALARM = pixelColour([0x2b, 0x8c, 0xee]);
const A_RIGHT = MISSED, B_RIGHT = FALSE_ALARM; // the colours of the two runs
const CLEAR = 0;
const UNLABELLED = pixelColour([128, 128, 128], 140);
const DIMMED = pixelColour([20, 20, 22], 190);
const STRIPE = pixelColour([255, 255, 255]);
const UNCERTAIN = 128; // of 255: the winner has less than half
const LIT = pixelColour([0xff, 0xd6, 0x40]);
const UNDECIDED = pixelColour([255, 255, 255], 200);

export class Painter {
  #canvas;
  #scale = sequentialColours();

  constructor(canvas, { width, height }) {
    this.#canvas = new PixelCanvas(canvas, width, height);
  }

  // Paint one of SOURCES of a solve, as the state asks (state.js). comparison: with run A (comparison.js), or null.
  paint(source, solve, state, comparison) {
    const { canvas } = this.#canvas, { show, hatch } = state;
    canvas.hidden = source === "photo";
    if (source === "photo") return;
    if (source === "a") return this.paint("now", comparison.a, comparison.stateOfA(state), null);
    const frame = source === "end" ? solve.end : solve.flow;
    if (source === "truth") this.#paintLabels(solve.truth, solve.palette, state);
    else if (show === "difference" && comparison) this.#paintDifference(comparison, source, state);
    else if (show === "decided") this.#paintDecided(solve, frame.time, state);
    else {
      if (show === "errors" && solve.truth) this.#paintErrors(frame.labels, solve.truth, state);
      else if (show === "confidence") this.#paintConfidence(frame, state);
      else this.#paintLabels(frame.labels, solve.palette, state);
      if (hatch) this.#paintHatch(frame.confidences());
    }
    this.#canvas.show();
  }

  #paintLabels(labels, palette, { single }) {
    const { pixels } = this.#canvas, colours = new Uint32Array(256).fill(UNLABELLED);
    if (single === null) colours.set(palette);
    else colours.fill(DIMMED)[single] = palette[single];
    for (let i = 0; i < pixels.length; i++) pixels[i] = colours[labels[i]];
  }

  #paintConfidence(frame, { single }) {
    const { pixels } = this.#canvas, confidence = frame.confidences(), colours = this.#scale, { labels } = frame;
    if (single === null) for (let i = 0; i < pixels.length; i++) pixels[i] = colours[confidence[i]];
    else
      for (let i = 0; i < pixels.length; i++) pixels[i] = labels[i] === single ? colours[confidence[i]] : DIMMED;
  }

  // Of one class what it misses and where it is a false alarm; of all, what is wrong.
  #paintErrors(labels, truth, { single }) {
    const { pixels } = this.#canvas;
    for (let i = 0; i < pixels.length; i++) {
      const label = labels[i], id = truth[i];
      if (id === IGNORE) pixels[i] = UNLABELLED;
      else if (single === null) pixels[i] = label === id ? CLEAR : WRONG;
      else if (id === single) pixels[i] = label === id ? CLEAR : MISSED;
      else pixels[i] = label === single ? FALSE_ALARM : DIMMED;
    }
  }

  // Where two runs have other labels, which of them is right, if the truth is known. Of one class: where either has it.
  #paintDifference({ a, b }, source, { single }) {
    const { pixels } = this.#canvas, { truth } = b;
    const [ofA, ofB] = source === "end" ? [a.end.labels, b.end.labels] : [a.flow.labels, b.flow.labels];
    for (let i = 0; i < pixels.length; i++) {
      const one = ofA[i], other = ofB[i];
      if (single !== null && one !== single && other !== single) pixels[i] = DIMMED;
      else if (one === other) pixels[i] = CLEAR;
      else if (!truth || truth[i] === IGNORE) pixels[i] = WRONG;
      else pixels[i] = one === truth[i] ? A_RIGHT : other === truth[i] ? B_RIGHT : WRONG;
    }
  }

  // Early is dark and late is light; what always had its final label is clear, and what has it not for good at `time` is
  // white. One moment alone where one is lit.
  #paintDecided({ decided, end, data }, time, { single, lit }) {
    const { pixels } = this.#canvas, { moment } = decided, { labels } = end, now = momentBefore(time, data.until);
    const colours = Uint32Array.from({ length: MOMENTS }, (_, i) => {
      if (lit !== null) return i === lit ? LIT : DIMMED;
      if (i > now) return UNDECIDED;
      return i === 0 ? CLEAR : this.#scale[Math.round((255 * i) / (MOMENTS - 1))];
    });
    for (let i = 0; i < pixels.length; i++) pixels[i] = colours[moment[i]];
    if (single !== null) for (let i = 0; i < pixels.length; i++) if (labels[i] !== single) pixels[i] = DIMMED;
  }

  #paintHatch(confidence) {
    const { pixels, width } = this.#canvas;
    for (let i = 0; i < pixels.length; i++)
      if (confidence[i] < UNCERTAIN && ((i % width) + ((i / width) | 0)) % 6 < 2) pixels[i] = STRIPE;
  }
}
