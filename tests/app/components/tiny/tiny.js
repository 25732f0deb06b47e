// The smallest component that uses the kit: a dot that is dragged or moved by keys, a choice, and a painted pixel.

import { readNumber, writeSettings } from "../kit/address.js";
import { PixelCanvas } from "../kit/canvas.js";
import { pixelColour } from "../kit/colours.js";
import { radioButtons, setText, svgElement } from "../kit/dom.js";
import { arrowDirection, onDrag, onKeys, RestTimer } from "../kit/input.js";
import { mount } from "../kit/mount.js";
import { GREETING } from "./greeting.js";

class Tiny {
  #root;
  #dot;
  #place = readNumber("place", 0, 100) ?? 0;
  #setStateValue;
  #rest;

  constructor(root) {
    this.#root = root;
    this.#dot = svgElement("circle", { r: 4, cy: 5 }, root.querySelector("svg"));
    this.#rest = new RestTimer(root.querySelector(".tiny"), () => {
      writeSettings({ place: this.#place });
      this.#setStateValue("place", this.#place);
    });
    onDrag(root.querySelector("svg"), ({ offsetX }) => this.#move(offsetX));
    onKeys(root.querySelector(".tiny"), ({ key }) => {
      const direction = arrowDirection(key);
      if (direction) this.#move(this.#place + direction[0]);
      return Boolean(direction);
    });
    const colours = radioButtons("colour", { red: "Red", blue: "Blue" }, (name) => this.#paint(name));
    root.querySelector("fieldset").append(...colours);
  }

  update(data, setStateValue) {
    this.#setStateValue = setStateValue;
    setText(this.#root.querySelector("p"), `${GREETING} for ${data}`);
    this.#move(this.#place);
  }

  pause() {}

  #move(place) {
    this.#place = place;
    this.#dot.setAttribute("cx", place);
    this.#rest.restart();
  }

  #paint(name) {
    const canvas = new PixelCanvas(this.#root.querySelector("canvas"), 1, 1);
    canvas.pixels[0] = pixelColour(name === "red" ? [255, 0, 0] : [0, 0, 255]);
    canvas.show();
  }
}

export default mount(Tiny);
