// Time that passes by itself.

const PLAY_SECONDS = 6; // from 0 to T at speed 1

export class Playback {
  #state;
  #frame = null; // the animation frame that is due; null while nothing plays
  #onFrame;

  // onFrame: called after time has moved, and not `running` any more where that was the end.
  constructor(state, onFrame) {
    this.#state = state;
    this.#onFrame = onFrame;
  }

  get running() {
    return this.#frame !== null;
  }

  // From the present time, or from 0 where that is the end, T.
  start(end) {
    const state = this.#state;
    if (state.time >= end) state.time = 0;
    let before = performance.now();
    const advance = (now) => {
      const time = state.time + ((now - before) / 1000 / PLAY_SECONDS) * state.speed * end;
      before = now;
      state.time = Math.max(0, Math.min(time >= end && state.looping ? time % end : time, end));
      this.#frame = state.time < end ? requestAnimationFrame(advance) : null;
      this.#onFrame();
    };
    this.#frame = requestAnimationFrame(advance);
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }
}
