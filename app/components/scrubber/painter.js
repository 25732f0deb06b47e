// The colours laid over the photograph: labels, confidence or errors.

import { PixelCanvas } from "../kit/canvas.js";
import { pixelColour, pixelPalette, sequentialColours } from "../kit/colours.js";
import { IGNORE } from "./scores.js";

const WRONG = pixelColour([0xe5, 0x3b, 0x4d]);
const RIGHT = 0;
const UNLABELLED = pixelColour([128, 128, 128], 140);
const DIMMED = pixelColour([20, 20, 22], 190);
const STRIPE = pixelColour([255, 255, 255]);
const UNCERTAIN = 128; // of 255: the winner has less than half

export class Painter {
  #canvas;
  #palette; // by class
  #confidenceColours = sequentialColours();

  constructor(canvas, { width, height, palette }) {
    this.#canvas = new PixelCanvas(canvas, width, height);
    this.#palette = pixelPalette(palette);
  }

  // Paint a solve at the depth its flow stands at, as the state asks (state.js).
  paint({ flow, truth }, { show, single, hatch }) {
    const { pixels, width } = this.#canvas, { labels } = flow;
    if (show === "errors" && truth) {
      for (let i = 0; i < pixels.length; i++)
        pixels[i] = truth[i] === IGNORE ? UNLABELLED : labels[i] === truth[i] ? RIGHT : WRONG;
    } else if (show === "confidence") {
      const confidence = flow.confidences(), colours = this.#confidenceColours;
      for (let i = 0; i < pixels.length; i++) pixels[i] = colours[confidence[i]];
    } else {
      const palette = this.#palette;
      for (let i = 0; i < pixels.length; i++) pixels[i] = palette[labels[i]];
    }
    if (single !== null) for (let i = 0; i < pixels.length; i++) if (labels[i] !== single) pixels[i] = DIMMED;
    if (hatch) {
      const confidence = flow.confidences();
      for (let i = 0; i < pixels.length; i++)
        if (confidence[i] < UNCERTAIN && ((i % width) + ((i / width) | 0)) % 6 < 2) pixels[i] = STRIPE;
    }
    this.#canvas.show();
  }
}
