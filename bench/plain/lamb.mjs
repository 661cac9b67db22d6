import { LEARNING_RATE } from "../cases.mjs";

const B1 = 0.9;
const B2 = 0.999;
const EPSILON = 1e-7;

/** Lamb: Adam's direction, scaled to the norm of the variable. The direction is kept for the second pass. */
export function lamb({ length }) {
  const direction = new Float32Array(length);
  let mCorrection = 1;
  let vCorrection = 1;
  return {
    slots: [length, length],
    begin(t) {
      mCorrection = 1 / (1 - B1 ** t);
      vCorrection = 1 / (1 - B2 ** t);
    },
    update(w, g, [m, v]) {
      const [c1, c2, epsilon, byM, byV, u] = [1 - B1, 1 - B2, EPSILON, mCorrection, vCorrection, direction];
      let wSquares = 0;
      let uSquares = 0;
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const mi = m[i] + (gi - m[i]) * c1;
        const vi = v[i] + (gi * gi - v[i]) * c2;
        const ui = (mi * byM) / (Math.sqrt(vi * byV) + epsilon);
        m[i] = mi;
        v[i] = vi;
        u[i] = ui;
        uSquares += ui * ui;
        wSquares += w[i] * w[i];
      }
      const trust = wSquares > 0 && uSquares > 0 ? Math.sqrt(wSquares / uSquares) : 1;
      const scale = trust * LEARNING_RATE;
      for (let i = 0; i < w.length; i++) w[i] -= scale * u[i];
    },
  };
}
