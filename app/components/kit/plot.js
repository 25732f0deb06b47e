// What plots are made of.

// The `d` of an SVG path through points [x, y].
export function linePath(points) {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

// Positions moved as little as keeps each pair a gap apart, within low and high: labels that must not overlap.
export function spreadApart(positions, gap, low, high) {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a] - positions[b]);
  const moved = [];
  let floor = low;
  order.forEach((index, rank) => {
    moved[index] = Math.min(Math.max(positions[index], floor), high - (order.length - 1 - rank) * gap);
    floor = moved[index] + gap;
  });
  return moved;
}
