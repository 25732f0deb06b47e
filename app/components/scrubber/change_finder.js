// Finds a pixel that changes its mind: one where a class wins clearly at first, and another clearly at the end.

const STEP = 12; // pixels between those that are looked at
const MARGIN = 24; // pixels: a mark nearer to the edge would be cut off
const APART = 40; // pixels, across or down, from every pin there is
const LOOKS = 9; // along time

// The pixel [x, y] that changes most clearly, and best to what is right and to a class that no pin ends in; null where
// none changes. pins: pixels, or null.
export function findChange({ flow, truth, decided, data, end }, pins) {
  const { width, height, until } = data;
  const taken = pins.filter(Boolean), finals = taken.map(([x, y]) => end.labels[y * width + x]);
  let best = null, most = 0;
  for (let y = MARGIN; y < height - MARGIN; y += STEP)
    for (let x = MARGIN; x < width - MARGIN; x += STEP) {
      const at = y * width + x, final = end.labels[at];
      if (decided.moment[at] === 0 || taken.some((pin) => near(pin, [x, y]))) continue;
      let clear = 0;
      for (let look = 0; look < LOOKS - 1; look++) {
        const shares = flow.probabilities(x, y, (until * look) / (LOOKS - 1)), share = Math.max(...shares);
        if (shares.indexOf(share) !== final) clear = Math.max(clear, share);
      }
      const wrong = truth !== null && truth[at] !== final, again = finals.includes(final);
      const score = clear * flow.probabilities(x, y, until)[final] * (wrong ? 0.5 : 1) * (again ? 0.5 : 1);
      if (score > most) [best, most] = [[x, y], score];
    }
  return best;
}

function near([x, y], [otherX, otherY]) {
  return Math.max(Math.abs(x - otherX), Math.abs(y - otherY)) < APART;
}
