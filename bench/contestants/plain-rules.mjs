// The optimizers of plain-js.mjs: `rule(problem)` gives `{ slots: [length, ...], begin(t), update(w, g, slots) }`, or
// undefined where it would take minutes.

import { isLongMuon, LEARNING_RATE } from "../cases.mjs";

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

const LION_B2 = 0.99;

/** Lion: the sign of an interpolated momentum. */
export function lion({ length }) {
  return {
    slots: [length],
    begin() {},
    update(w, g, [m]) {
      const [rate, b1, b2] = [LEARNING_RATE, B1, LION_B2];
      for (let i = 0; i < w.length; i++) {
        const mi = m[i];
        const gi = g[i];
        w[i] -= rate * Math.sign(mi * b1 + gi * (1 - b1));
        m[i] = mi * b2 + gi * (1 - b2);
      }
    },
  };
}

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

/** Newton and Schulz's coefficients. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const MOMENTUM = 0.95;
const ITERATIONS = 5;
const RMS_RATE = 0.2;

/** Muon on a matrix that is no taller than wide: momentum, orthogonalized by Newton and Schulz. */
export function muon(problem) {
  if (isLongMuon(problem)) return undefined;
  const { length, rows, cols } = problem;
  const n = rows;
  const gram = new Float32Array(n * n);
  const poly = new Float32Array(n * n);
  let x = new Float32Array(length);
  let next = new Float32Array(length);
  return {
    slots: [length],
    begin() {},
    update(w, g, [m]) {
      let squares = 0;
      for (let i = 0; i < length; i++) {
        m[i] = m[i] * MOMENTUM + g[i];
        x[i] = g[i] + MOMENTUM * m[i];
        squares += x[i] * x[i];
      }
      const scale = 1 / (Math.sqrt(squares) + 1e-7);
      for (let i = 0; i < length; i++) x[i] *= scale;
      for (let k = 0; k < ITERATIONS; k++) {
        timesTransposed(x, gram, n, cols);
        for (let i = 0; i < n * n; i++) poly[i] = B * gram[i];
        addProduct(C, gram, gram, poly, n, n);
        for (let i = 0; i < length; i++) next[i] = A * x[i];
        addProduct(1, poly, x, next, n, cols);
        [x, next] = [next, x];
      }
      const rate = LEARNING_RATE * Math.sqrt(Math.max(rows, cols)) * RMS_RATE;
      for (let i = 0; i < length; i++) w[i] -= rate * x[i];
    },
  };
}

/** out = x x', with rows of `cols` elements. */
function timesTransposed(x, out, n, cols) {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0, a = i * cols, b = j * cols; k < cols; k++) sum += x[a + k] * x[b + k];
      out[i * n + j] = sum;
      out[j * n + i] = sum;
    }
  }
}

/** out += factor a b, with `a` n x n; the inner loop runs along rows, as memory does. */
function addProduct(factor, a, b, out, n, cols) {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const aik = factor * a[i * n + k];
      for (let j = 0, to = i * cols, from = k * cols; j < cols; j++) out[to + j] += aik * b[from + j];
    }
  }
}
