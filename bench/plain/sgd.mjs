import { LEARNING_RATE } from "../cases.mjs";

/** Gradient descent without momentum. */
export function sgd() {
  return {
    slots: [],
    begin() {},
    update(w, g) {
      // A local: V8 would load what lies outside the function again for each element.
      const rate = LEARNING_RATE;
      for (let i = 0; i < w.length; i++) w[i] -= rate * g[i];
    },
  };
}
