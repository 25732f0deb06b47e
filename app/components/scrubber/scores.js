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
  #counted = null; // the labels that `confusion` has counted, or null

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

  // Most labels are those of the frame before: only where four neighbours are not is anything counted. labels: an array
  // that has its buffer to itself.
  count(labels) {
    const { rows, confusion, predicted, classes } = this;
    if (this.#counted === null) {
      this.#counted = labels.slice();
      for (let i = 0; i < rows.length; i++) confusion[rows[i] + labels[i]]++;
    } else this.#recount(labels);
    predicted.fill(0);
    for (let at = 0; at < classes * classes; at++) predicted[at % classes] += confusion[at];
    return this;
  }

  #recount(labels) {
    const { rows, confusion } = this, counted = this.#counted, quarter = labels.length >> 2;
    const now = new Uint32Array(labels.buffer, 0, quarter), before = new Uint32Array(counted.buffer, 0, quarter);
    const move = (i) => {
      confusion[rows[i] + counted[i]]--;
      confusion[rows[i] + labels[i]]++;
    };
    for (let word = 0; word < quarter; word++)
      if (now[word] !== before[word]) for (let i = 4 * word; i < 4 * word + 4; i++) move(i);
    for (let i = 4 * quarter; i < labels.length; i++) move(i);
    counted.set(labels);
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
