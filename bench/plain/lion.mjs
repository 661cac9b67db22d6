import { LEARNING_RATE } from "../cases.mjs";

const B1 = 0.9;
const B2 = 0.99;

/** Lion: the sign of an interpolated momentum. */
export function lion({ length }) {
  return {
    slots: [length],
    begin() {},
    update(w, g, [m]) {
      for (let i = 0; i < w.length; i++) {
        const mi = m[i];
        const gi = g[i];
        w[i] -= LEARNING_RATE * Math.sign(mi * B1 + gi * (1 - B1));
        m[i] = mi * B2 + gi * (1 - B2);
      }
    },
  };
}
