// One solve as the browser holds it: what the server sent, unpacked, and its scores. It stays at its end where the axis
// of time goes on, as it does for the shorter of two.

import { pixelPalette } from "../kit/colours.js";
import { inflate } from "../kit/inflate.js";
import { Decided } from "./decided.js";
import { Flow, unpack } from "./flow.js";
import { Scores } from "./scores.js";
import { timeOf } from "./sweep.js";

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
  palette; // canvas colours by class
  truth; // train ids, or null
  flow; // at the depth that is shown
  end; // labels and confidences at the last depth, as a flow has them
  endErrors; // at the last depth: percent by line of the curve
  decided; // when each pixel was decided (decided.js), as far as the moments are visited
  #sweepFlow; // at the moments, one after the other
  finalScores; // against the labels at the last depth
  truthScores; // against the truth, or null

  constructor(data, { values, truth }) {
    const shape = { ...data, until: data.ends };
    Object.assign(this, { data, truth, palette: pixelPalette(data.palette), flow: new Flow(values, shape) });
    this.#sweepFlow = new Flow(values, shape);
    this.end = this.#endOf(this.#sweepFlow);
    this.decided = new Decided(this.end.labels);
    this.finalScores = new Scores(this.end.labels, data.classes);
    this.truthScores = truth && new Scores(truth, data.classes);
    this.endErrors = this.#errors(this.end.labels);
  }

  #endOf(flow) {
    const { until } = this.data;
    let confidences = null;
    flow.setTime(until);
    return {
      time: until,
      labels: flow.labels.slice(),
      confidences: () => {
        flow.setTime(until);
        return (confidences ??= flow.confidences().slice());
      },
    };
  }

  // Bring the flow to a depth and count its labels.
  setTime(time) {
    this.flow.setTime(time);
    return this.#errors(this.flow.labels);
  }

  // Take in a moment (sweep.js). Returns its time and its mIoU errors in percent, by line of the curve; the scores then
  // stand there.
  visit(moment) {
    const time = timeOf(moment, this.data.until), { labels } = this.#sweepFlow;
    this.#sweepFlow.setTime(time);
    this.decided.add(moment, labels);
    return [time, this.#errors(labels)];
  }

  // The labels at the moment that was visited last.
  get visited() {
    return this.#sweepFlow.labels;
  }

  // Pixels by class and the moment they were decided at: of those right at the end, where there is a truth.
  decidedCounts() {
    return this.decided.counts(this.data.classes, this.truth);
  }

  #errors(labels) {
    const errors = { final: 100 - 100 * this.finalScores.count(labels).meanIou };
    if (this.truthScores) errors.truth = 100 - 100 * this.truthScores.count(labels).meanIou;
    return errors;
  }
}
