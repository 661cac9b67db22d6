import { LEARNING_RATE } from "../cases.mjs";

const EPSILON_1 = 1e-30;
const EPSILON_2 = 1e-3;

/** Adafactor on a matrix: second moments as one number a row and one a column. */
export function adafactor({ length, rows, cols }) {
  const direction = new Float32Array(length);
  const columnSums = new Float64Array(cols);
  let rho = 0;
  let b = 0;
  return {
    slots: [rows, cols],
    begin(t) {
      rho = Math.min(LEARNING_RATE, 1 / Math.sqrt(t));
      b = 1 - t ** -0.8;
    },
    update(w, g, [r, c]) {
      const [sums, u, epsilon] = [columnSums, direction, EPSILON_1];
      sums.fill(0);
      let mean = 0;
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let j = 0, at = i * cols; j < cols; j++, at++) {
          const q = g[at] * g[at] + epsilon;
          sum += q;
          sums[j] += q;
        }
        r[i] = b * r[i] + (1 - b) * (sum / cols);
        mean += r[i] / rows;
      }
      for (let j = 0; j < cols; j++) c[j] = b * c[j] + (1 - b) * (sums[j] / rows);
      let uSquares = 0;
      let wSquares = 0;
      for (let i = 0; i < rows; i++) {
        const share = r[i] / mean;
        for (let j = 0, at = i * cols; j < cols; j++, at++) {
          const ui = g[at] / Math.sqrt(share * c[j]);
          u[at] = ui;
          uSquares += ui * ui;
          wSquares += w[at] * w[at];
        }
      }
      const alpha = Math.max(EPSILON_2, Math.sqrt(wSquares / length)) * rho;
      const scale = alpha / Math.max(1, Math.sqrt(uSquares / length));
      for (let i = 0; i < length; i++) w[i] -= scale * u[i];
    },
  };
}
