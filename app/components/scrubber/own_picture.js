// A person's own picture, dropped onto the board, pasted, or taken with the camera of a phone: it is handed to the
// page's uploader under Scene, so that one way leads to the server.

import { elements } from "../kit/dom.js";

const PILL = ".st-key-pill-scene button";
const UPLOADER = "[data-testid=stPopoverBody] input[type=file]";
const PATIENCE_MS = 3000;

export class OwnPicture {
  #opened = false; // whether the uploader was opened for a picture that is on its way

  // line: of text that takes the camera's button, where a finger is the pointer.
  constructor(board, line) {
    board.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault(); // or the browser opens the file itself
      board.classList.add("dropping");
    });
    for (const name of ["dragleave", "drop"]) board.addEventListener(name, () => board.classList.remove("dropping"));
    board.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#hand(event.dataTransfer.files);
    });
    const paste = (event) => {
      if (!board.isConnected) return removeEventListener("paste", paste); // another board is there now
      if (event.target.closest?.("input, textarea") === null) this.#hand(event.clipboardData.files);
    };
    addEventListener("paste", paste);
    if (matchMedia("(pointer: coarse)").matches) line.append(" · ", this.#camera());
  }

  // The picture has come back, segmented.
  close() {
    if (this.#opened && document.querySelector(UPLOADER)) document.querySelector(PILL)?.click();
    this.#opened = false;
  }

  #camera() {
    const [label, input] = elements("label", "input");
    label.className = "link";
    Object.assign(input, { type: "file", accept: "image/jpeg,image/png,image/webp" });
    input.setAttribute("capture", "environment");
    input.onchange = () => this.#hand(input.files);
    label.append("Take a picture", input);
    return label;
  }

  async #hand(files) {
    const picture = [...files].find(({ type }) => type.startsWith("image/"));
    if (!picture) return;
    if (!document.querySelector(UPLOADER)) document.querySelector(PILL)?.click();
    const uploader = await appeared(UPLOADER), list = new DataTransfer();
    if (!uploader) return;
    this.#opened = true;
    list.items.add(picture);
    uploader.files = list.files;
    uploader.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// What fits a selector, once it is there; null where it does not come.
async function appeared(selector) {
  const began = performance.now();
  while (!document.querySelector(selector) && performance.now() - began < PATIENCE_MS)
    await new Promise((done) => setTimeout(done, 30));
  return document.querySelector(selector);
}
