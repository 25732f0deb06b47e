// Scores of a label map, counted as segnode/metrics.py counts them: pixels whose truth is 255 nowhere.

export const IGNORE = 255;

export class Scores {
  classes;
  pixels;
  rows; // of each pixel: where its truth begins in `confusion`
  confusion; // pixels by truth and label, as counted last
  predicted; // pixels by label, as counted last
  actual; // pixels by truth
  present; // the classes in the truth

  // truth: train ids; the classes in it are what a mean is taken over, whatever is predicted.
  constructor(truth, classes) {
    Object.assign(this, { classes, pixels: truth.length });
    this.rows = Uint16Array.from(truth, (id) => id * classes);
    this.confusion = new Int32Array(256 * classes);
    this.predicted = new Int32Array(classes);
    this.actual = new Int32Array(256);
    for (const id of truth) this.actual[id]++;
    this.present = Array.from({ length: classes }, (_, id) => id).filter((id) => this.actual[id] > 0);
  }

  count(labels) {
    const { rows, confusion, predicted, classes } = this;
    confusion.fill(0);
    for (let i = 0; i < rows.length; i++) confusion[rows[i] + labels[i]]++;
    predicted.fill(0);
    for (let at = 0; at < classes * classes; at++) predicted[at % classes] += confusion[at];
    return this;
  }

  right(id) {
    return this.confusion[id * this.classes + id];
  }

  // Of one class, 0 to 1; NaN where it is neither true nor predicted.
  iou(id) {
    return this.right(id) / (this.actual[id] + this.predicted[id] - this.right(id));
  }

  get meanIou() {
    return this.present.reduce((sum, id) => sum + this.iou(id), 0) / this.present.length;
  }

  // Share of the counted pixels that are right.
  get accuracy() {
    const counted = this.pixels - this.actual[IGNORE];
    return this.present.reduce((sum, id) => sum + this.right(id), 0) / counted;
  }
}
