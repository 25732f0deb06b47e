// Numbers as a person writes them.

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// Two digits of a number that is not negative.
export function roughly(value) {
  if (!Number.isFinite(value)) return "not finite";
  if (value >= 1000 || (value < 1e-3 && value > 0)) {
    const [digits, power] = value.toExponential(1).split("e");
    return `${digits}·10${[...`${+power}`].map((sign) => RAISED[sign]).join("")}`;
  }
  return `${+value.toPrecision(2)}`;
}

// A point of the plane.
export function placeInWords([x, y]) {
  return `x ${x.toFixed(2)}, y ${y.toFixed(2)}`.replaceAll("-", "−");
}

// "1 step", "2 steps".
export function counted(count, thing) {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
