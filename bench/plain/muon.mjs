import { isLongMuon, LEARNING_RATE } from "../cases.mjs";

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
