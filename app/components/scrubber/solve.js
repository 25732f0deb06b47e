// One solve as the browser holds it: what the server sent, unpacked, and its scores.

import { inflate } from "../kit/inflate.js";
import { Flow, unpack } from "./flow.js";
import { Scores } from "./scores.js";

// All that takes a while before a solve can be drawn. data: as app/components/scrubber/component.py sends it.
export async function unpackSolve(data) {
  const [values, truth] = await Promise.all([
    inflate(data.flow).then((bytes) => unpack(bytes, data.samples)),
    data.truth ? inflate(data.truth) : null,
    decodedImage(data.photo),
  ]);
  return { values, truth };
}

// So that the photograph is there as soon as it is shown.
async function decodedImage(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
}

export class Solve {
  data;
  truth; // train ids, or null
  flow; // at the depth that is shown
  #curveFlow; // at the depths of the error curve
  finalScores; // against the labels at the last depth
  truthScores; // against the truth, or null

  constructor(data, { values, truth }) {
    Object.assign(this, { data, truth, flow: new Flow(values, data) });
    this.#curveFlow = new Flow(values, data);
    this.#curveFlow.setTime(data.until);
    this.finalScores = new Scores(this.#curveFlow.labels.slice(), data.classes);
    this.truthScores = truth && new Scores(truth, data.classes);
  }

  // Bring the flow to a depth and count its labels.
  setTime(time) {
    this.flow.setTime(time);
    return this.#errors(this.flow.labels);
  }

  // mIoU errors at a depth, in percent, by line of the curve. The scores then stand at that depth.
  errorsAt(time) {
    this.#curveFlow.setTime(time);
    return this.#errors(this.#curveFlow.labels);
  }

  #errors(labels) {
    const errors = { final: 100 - 100 * this.finalScores.count(labels).meanIou };
    if (this.truthScores) errors.truth = 100 - 100 * this.truthScores.count(labels).meanIou;
    return errors;
  }
}
