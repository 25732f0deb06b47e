// Scores of a label map, counted as segnode/metrics.py counts them: pixels whose truth is 255 nowhere.

const IGNORE = 255;

class Scores {
  // truth: train ids; the classes in it are what a mean is taken over, whatever is predicted.
  constructor(truth, classes) {
    this.truth = truth;
    this.right = new Int32Array(256);
    this.predicted = new Int32Array(256);
    this.actual = new Int32Array(256);
    for (const id of truth) this.actual[id]++;
    this.present = Array.from({ length: classes }, (_, id) => id).filter((id) => this.actual[id] > 0);
  }

  count(labels) {
    const { truth, right, predicted } = this;
    right.fill(0);
    predicted.fill(0);
    for (let i = 0; i < truth.length; i++) {
      const id = truth[i];
      if (id === IGNORE) continue;
      const label = labels[i];
      predicted[label]++;
      if (label === id) right[id]++;
    }
    return this;
  }

  // Of one class, 0 to 1; NaN where it is neither true nor predicted.
  iou(id) {
    return this.right[id] / (this.actual[id] + this.predicted[id] - this.right[id]);
  }

  get meanIou() {
    return this.present.reduce((sum, id) => sum + this.iou(id), 0) / this.present.length;
  }

  // Share of the counted pixels that are right.
  get accuracy() {
    const counted = this.truth.length - this.actual[IGNORE];
    return this.right.reduce((sum, count) => sum + count, 0) / counted;
  }
}
