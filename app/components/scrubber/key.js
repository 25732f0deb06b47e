// What the colours of the picture mean, beside it: a scale with numbers, or named colours.

import { elements } from "../kit/dom.js";
import { timeOf } from "./sweep.js";
import { endName } from "./time_plot.js";

// Draw the key of what is shown (state.js) into a node; nothing where the classes' own list is the key.
// comparison: with run A, or null.
export function drawKey(node, { show, single }, { data, truth }, comparison) {
  const name = single === null ? null : data.names[single], end = endName(data);
  const keys = {
    confidence: () => [scale(["0", "25", "50", "75", "100 %"]), words("Probability of the winning class.")],
    errors: () =>
      name === null
        ? [colours({ wrong: "wrong" }), words("Point at a class to split what is wrong.")]
        : [colours({ missed: "missed", false: "false alarm" }), words(name)],
    difference: () => [
      colours(truth ? { missed: "only A is right", false: "only B is right", wrong: "neither" } : { wrong: "A and B differ" }),
      ...(name === null ? [] : [words(name)]),
    ],
    decided: () => [
      scale([0, 1, 2, 3, 4].map((quarter) => `${+((data.until * quarter) / 4).toFixed(3)}`)),
      colours({ undecided: "not decided at t" }),
      words(
        `The t from which a pixel keeps its label at ${end}, to within ${+timeOf(1, data.until).toFixed(4)}; uncoloured:` +
          " from the start.",
      ),
    ],
  };
  node.replaceChildren(...(((show === "errors" && !truth) || (show === "difference" && !comparison) ? null : keys[show]?.()) ?? []));
}

// A bar of the sequential colours, with numbers evenly below.
function scale(numbers) {
  const [box, bar, row] = elements("div", "i", "div");
  box.className = "scale";
  row.append(
    ...numbers.map((number) => {
      const [text] = elements("span");
      text.textContent = number;
      return text;
    }),
  );
  box.append(bar, row);
  return box;
}

function colours(names) {
  const [list] = elements("ul");
  list.append(
    ...Object.entries(names).map(([kind, name]) => {
      const [item, swatch] = elements("li", "i");
      swatch.className = kind;
      item.append(swatch, name);
      return item;
    }),
  );
  return list;
}

function words(text) {
  const [line] = elements("p");
  line.textContent = text;
  return line;
}
