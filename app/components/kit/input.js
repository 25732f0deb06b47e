// Pointer and keyboard.

const REST_MS = 250;
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The direction [x, y] of an arrow key, y downwards; undefined for any other key.
export function arrowDirection(key) {
  return ARROWS[key];
}

// Call move(event) when a pointer is pressed on `node`, and wherever it goes until it is released.
export function onDrag(node, move) {
  node.onpointerdown = (event) => {
    node.setPointerCapture(event.pointerId);
    move(event);
    event.preventDefault();
  };
  node.addEventListener("pointermove", (event) => node.hasPointerCapture(event.pointerId) && move(event));
}

// Offer each key pressed inside `node` to use(event), which says whether it used it. Streamlit hears none of them: it
// reruns on r and clears its cache on c.
export function onKeys(node, use) {
  node.onkeydown = (event) => {
    event.stopPropagation();
    if (!event.ctrlKey && !event.metaKey && !event.altKey && use(event)) event.preventDefault();
  };
}

// Waits until what a person moves inside `node` has stood still for a while and no pointer holds it.
export class RestTimer {
  #pressed = false;
  #timer = null;
  #onRest;

  constructor(node, onRest) {
    this.#onRest = onRest;
    const release = () => (this.#pressed = false);
    node.onpointerdown = () => {
      this.#pressed = true;
      for (const name of ["pointerup", "pointercancel"]) addEventListener(name, release, { once: true, capture: true });
    };
  }

  // Something moved: wait from now on.
  restart() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#pressed ? this.restart() : this.#onRest()), REST_MS);
  }
}

// Calls draw() once in the next frame, however often a drawing is asked for until then.
export class FrameQueue {
  #waiting = false;
  #draw;

  constructor(draw) {
    this.#draw = draw;
  }

  request() {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#draw();
    });
  }
}
