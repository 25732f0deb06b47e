// The worker that trains lesson 4's network, so that the page stays at hand. The page imports the address of this
// module alone; as a worker, it hears {settings} to begin anew, {running}, {steps} to take, and {answer}, how answers
// are found; and posts the weights, the losses since, new points right, and the probabilities of a grid of starts.

import { MOST_STEPS, Training } from "./training.js";

export const TRAINER = import.meta.url;
export const GRID = [48, 36]; // starts across and down
export const HALF = [2.2, 1.65]; // half the width and height of the plane that they fill

const SLICE_MS = 40, MOST_IN_SLICE = 6; // training steps: at most 150 a second, to be seen
const GRID_MS = 300, CHECK_MS = 1500; // between two of each while it trains

let training = null, running = false, answer = "trained", gridAt = 0, checkAt = 0;

function gridPoints() {
  const [across, down] = GRID, points = new Float64Array(2 * across * down);
  for (let j = 0; j < down; j++)
    for (let i = 0; i < across; i++) {
      const at = 2 * (j * across + i);
      points[at] = ((2 * (i + 0.5)) / across - 1) * HALF[0];
      points[at + 1] = (1 - (2 * (j + 0.5)) / down) * HALF[1];
    }
  return points;
}

// Post how it stands. Between two pictures of the grid some time passes, unless training stands still.
function report(losses) {
  const now = performance.now(), { steps, right } = training, { settings } = training;
  const message = { settings, steps, right, losses, running, weights: training.net.weights.slice() };
  if (!running || now - gridAt > GRID_MS) {
    gridAt = now;
    message.grid = { answer, probabilities: training.probabilities(gridPoints(), GRID[0] * GRID[1], answer) };
  }
  if (steps && (!running || now - checkAt > CHECK_MS)) {
    checkAt = now;
    message.check = training.check();
  }
  postMessage(message);
}

function take(most, until) {
  const losses = [];
  while (losses.length < most && training.steps < MOST_STEPS && performance.now() < until) {
    training.step();
    losses.push(training.loss);
  }
  return losses;
}

function slice() {
  if (!running) return;
  const began = performance.now(), losses = take(MOST_IN_SLICE, began + SLICE_MS);
  running = training.steps < MOST_STEPS;
  report(losses);
  setTimeout(slice, Math.max(0, began + SLICE_MS - performance.now()));
}

function hear({ data }) {
  if (data.settings) training = new Training(data.settings);
  if (data.settings || data.answer) gridAt = 0; // the next report has a new picture
  answer = data.answer ?? answer;
  const begins = data.running && !running;
  running = data.running ?? running;
  if (begins) slice();
  else if (!running) report(take(data.steps ?? 0, Infinity));
}

if (typeof document === "undefined") onmessage = hear;
