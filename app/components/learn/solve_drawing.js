// A solve on the plane: its path, its steps and those it refused.

import { svgElement } from "../kit/dom.js";
import { pointsAlong } from "./runge_kutta.js";

const MOST_REFUSED = 60, MOST_DOTS = 400, MANY_DOTS = 60;

// parts: of each step's curve. className: of the solver, whose colour it is.
export function drawSolve(stage, layer, solve, className, parts) {
  const curve = pointsAlong(solve, parts).map(([, state]) => state);
  svgElement("path", { d: stage.line(curve), class: `path ${className}` }, layer);
  for (const { y, end } of solve.refused.slice(0, MOST_REFUSED)) {
    svgElement("path", { d: stage.line([y, end]), class: `refused ${className}` }, layer);
    stage.dot(layer, end, { r: 4, class: `refused ${className}` });
  }
  const { steps } = solve;
  if (steps.length > MOST_DOTS) return;
  for (const { end } of steps)
    stage.dot(layer, end, { r: steps.length > MANY_DOTS ? 2 : 3.4, class: `dot ${className}` });
}
