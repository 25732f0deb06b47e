// Small pieces of the document that every component builds.

const SVG = "http://www.w3.org/2000/svg";

// An SVG element with these attributes, at the end of `parent` where there is one.
export function svgElement(name, attributes = {}, parent = null) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

// One HTML element for each tag name.
export function elements(...tags) {
  return tags.map((tag) => document.createElement(tag));
}

// Text that is often the same as before: what is not written need not be laid out again.
export function setText(node, text) {
  if (!node.firstChild) node.textContent = text;
  else if (node.firstChild.data !== text) node.firstChild.data = text;
}

// Labelled radio buttons for `options`, {value: label}. choose: called with the value that a person picks.
export function radioButtons(name, options, choose) {
  return Object.entries(options).map(([value, text]) => {
    const [label, radio, span] = elements("label", "input", "span");
    Object.assign(radio, { type: "radio", name, value });
    radio.onchange = () => choose(value);
    span.textContent = text;
    label.append(radio, span);
    return label;
  });
}
