// The live figure of a lesson's step, and its questions. All of it is computed here; the server hears only which
// answers were given, which the address holds.

import { writeSettings } from "../kit/address.js";
import { setText } from "../kit/dom.js";
import { FrameQueue, RestTimer } from "../kit/input.js";
import { mount } from "../kit/mount.js";
import { Controls } from "./controls.js";
import { CrossingFigure } from "./crossing_figure.js";
import { LayersFigure } from "./layers_figure.js";
import { questionCard } from "./question.js";
import { ReturnFigure } from "./return_figure.js";
import { SolversFigure } from "./solvers_figure.js";
import { Stage } from "./stage.js";
import { StepsFigure } from "./steps_figure.js";
import { SwapFigure } from "./swap_figure.js";
import { TrainingFigure } from "./training_figure.js";

const FIGURES = {
  layers: LayersFigure,
  crossing: CrossingFigure,
  swap: SwapFigure,
  solvers: SolversFigure,
  steps: StepsFigure,
  training: TrainingFigure,
  return: ReturnFigure,
};

// A figure is made with the board. It has set(view), which takes what a step shows; draw(); describe(), what is seen in
// words; and, where it needs them, time (of the field that the streaks show) and close(), after which it is not used.
class Board {
  stage;
  controls;
  more; // the column at the right, for plots and tables
  under; // the place below the plane, for sliders
  #root;
  #figure = null;
  #figureName = null;
  #step = null;
  #ticking = false;
  #answers = {};
  #setStateValue;
  #frames = new FrameQueue(() => this.#draw());
  #rest;

  constructor(root) {
    this.#root = root;
    const find = (selector) => root.querySelector(selector);
    this.more = find(".more");
    this.under = find(".under");
    this.stage = new Stage(find(".plane"), () => this.request());
    this.controls = new Controls(find(".heads"), this.under, () => this.request());
    this.#rest = new RestTimer(find(".learn"), () => setText(find(".spoken"), this.#figure.describe()));
    find(".learn").addEventListener("keydown", (event) => event.stopPropagation()); // Streamlit reruns on r
  }

  // A message of the server. data: the step's name, its figure and view, its questions, the answers given, and what is
  // held until the prediction is answered.
  update(data, setStateValue) {
    this.#setStateValue = setStateValue;
    this.#answers = { ...data.answers, ...this.#answers };
    if (!this.#ticking) {
      this.#ticking = true;
      requestAnimationFrame(() => this.#tick());
    }
    if (data.figure !== this.#figureName) this.#build(data.figure);
    if (data.step !== this.#step) {
      this.#step = data.step;
      this.controls.hold(data.held);
      const answered = data.questions.find(({ id, after }) => after && id in this.#answers);
      this.#figure.set(answered ? { ...data.view, ...answered.after } : data.view);
      this.#ask(data);
      this.#frames.request();
    }
  }

  // What moves by itself goes on: the server has nothing to say about it. Off the page, #tick ends it.
  pause() {}

  // The red, green and blue of one of the stylesheet's colours, 0 to 255.
  colour(name) {
    const probe = this.#root.querySelector(".probe"), paint = new OffscreenCanvas(1, 1).getContext("2d");
    probe.style.color = `var(${name})`;
    paint.fillStyle = getComputedStyle(probe).color;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }

  // Something changed: draw it in the next frame, and say it when it has come to rest.
  request() {
    this.#frames.request();
    this.#rest.restart();
  }

  #draw() {
    if (!this.#figure) return;
    this.#figure.draw();
    this.#root.querySelector(".learn").dataset.step = this.#step; // what is drawn, for whoever waits for it
  }

  #build(name) {
    this.#figure?.close?.();
    this.#figureName = name;
    this.stage.clear();
    this.controls.clear();
    this.more.replaceChildren();
    this.#figure = new FIGURES[name](this);
    this.#step = null;
  }

  #ask({ questions, view }) {
    this.#root.querySelector(".questions").replaceChildren(
      ...questions.map((question) =>
        questionCard(question, this.#answers[question.id], (chosen) => {
          if (question.after) {
            this.controls.hold([]);
            this.#figure.set({ ...view, ...question.after });
            this.request();
          }
          this.#keep(question.id, chosen);
        }),
      ),
    );
  }

  // The address holds every answer, as "lesson.question-option" joined by "_".
  #keep(id, chosen) {
    this.#answers[id] = chosen;
    writeSettings({ done: Object.entries(this.#answers).map((answer) => answer.join("-")).join("_") });
    this.#setStateValue("answered", { id, chosen });
  }

  // Once a frame, as long as the component is on the page.
  #tick() {
    if (!this.#root.isConnected) {
      this.#figure?.close?.();
      this.#figureName = null; // made anew if it comes back
      this.#ticking = false;
      return;
    }
    const { color } = getComputedStyle(this.#root.querySelector(".learn"));
    this.stage.flow(this.#figure?.time ?? 0, color);
    requestAnimationFrame(() => this.#tick());
  }
}

export default mount(Board);
