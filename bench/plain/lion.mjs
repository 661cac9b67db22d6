import { LEARNING_RATE } from "../cases.mjs";

const B1 = 0.9;
const B2 = 0.99;

/** Lion: the sign of an interpolated momentum. */
export function lion({ length }) {
  return {
    slots: [length],
    begin() {},
    update(w, g, [m]) {
      const [rate, b1, b2] = [LEARNING_RATE, B1, B2];
      for (let i = 0; i < w.length; i++) {
        const mi = m[i];
        const gi = g[i];
        w[i] -= rate * Math.sign(mi * b1 + gi * (1 - b1));
        m[i] = mi * b2 + gi * (1 - b2);
      }
    },
  };
}
