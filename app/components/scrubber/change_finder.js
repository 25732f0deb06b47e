// Finds a pixel that changes its mind: one where a class wins clearly at first, and another clearly at the end.

const STEP = 12; // pixels between those that are looked at
const APART = 40; // pixels, across or down, from every pin there is
const LOOKS = 9; // along time

// The pixel [x, y] that changes most clearly, and best to what is right; null where none does. pins: pixels, or null.
export function findChange({ flow, truth, decided, data, end }, pins) {
  const { width, height, until } = data;
  let best = null, most = 0;
  for (let y = STEP >> 1; y < height; y += STEP)
    for (let x = STEP >> 1; x < width; x += STEP) {
      const at = y * width + x, final = end.labels[at];
      if (decided.moment[at] === 0 || pins.some((pin) => pin && near(pin, [x, y]))) continue;
      let clear = 0;
      for (let look = 0; look < LOOKS - 1; look++) {
        const shares = flow.probabilities(x, y, (until * look) / (LOOKS - 1)), share = Math.max(...shares);
        if (shares.indexOf(share) !== final) clear = Math.max(clear, share);
      }
      const right = truth === null || truth[at] === final;
      const score = clear * flow.probabilities(x, y, until)[final] * (right ? 1 : 0.5);
      if (score > most) [best, most] = [[x, y], score];
    }
  return best;
}

function near([x, y], [otherX, otherY]) {
  return Math.max(Math.abs(x - otherX), Math.abs(y - otherY)) < APART;
}
