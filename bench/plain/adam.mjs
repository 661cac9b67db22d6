import { LEARNING_RATE } from "../cases.mjs";

const B1 = 0.9;
const B2 = 0.999;
const EPSILON = 1e-7;

/** Adam with Keras's epsilon: added to the root of the uncorrected second moment. */
export function adam({ length }) {
  let alpha = 0;
  return {
    slots: [length, length],
    begin(t) {
      alpha = (LEARNING_RATE * Math.sqrt(1 - B2 ** t)) / (1 - B1 ** t);
    },
    update(w, g, [m, v]) {
      // Locals: V8 would load what lies outside the function again for each element.
      const [rate, c1, c2, epsilon] = [alpha, 1 - B1, 1 - B2, EPSILON];
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const mi = m[i] + (gi - m[i]) * c1;
        const vi = v[i] + (gi * gi - v[i]) * c2;
        m[i] = mi;
        v[i] = vi;
        w[i] -= (mi * rate) / (Math.sqrt(vi) + epsilon);
      }
    },
  };
}
