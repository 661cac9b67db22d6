import { LEARNING_RATE } from "../cases.mjs";

/** Gradient descent without momentum. */
export function sgd() {
  return {
    slots: [],
    begin() {},
    update(w, g) {
      for (let i = 0; i < w.length; i++) w[i] -= LEARNING_RATE * g[i];
    },
  };
}
