// The optimizers of the plain JavaScript loop: `rule(problem)` returns `{ slots: [length, ...], begin(t), update(w, g, slots) }`, or
// undefined where it would take minutes. Slots start as zeros, or as the number `start`.
//
// Over 300 lines: a list of rules, each a loop as it would be written by hand, whose time is what is measured. Rules beyond
// Keras, in the second half, have the defaults and the formulas of docs/formulas-beyond-keras.md.

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
      // Locals, because V8 would load outer variables again for each element.
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
      // A local, because V8 would load outer variables again for each element.
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

/** Muon on a matrix with at most as many rows as columns: momentum, orthogonalized by Newton and Schulz. */
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

const SMALL = 1e-8;

/** Adam's corrections by the step, for rules that have it: `{ byM, byV }`. */
const corrections = (t, b1 = B1, b2 = B2) => ({ byM: 1 / (1 - b1 ** t), byV: 1 / (1 - b2 ** t) });

/** The factor of RAdam: 0 where its variance is not known yet. */
function rectified(t, least) {
  const s = 2 / (1 - B2) - 1;
  const rho = s - (2 * t * B2 ** t) / (1 - B2 ** t);
  return rho > least ? Math.sqrt(((rho - 4) * (rho - 2) * s) / ((s - 4) * (s - 2) * rho)) : 0;
}

export function radam({ length }) {
  let now = {};
  return {
    slots: [length, length],
    begin(t) {
      now = { ...corrections(t), factor: rectified(t, 5) };
    },
    update(w, g, [m, v]) {
      const [{ byM, byV, factor }, c1, c2, rate] = [now, 1 - B1, 1 - B2, LEARNING_RATE];
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const mi = m[i] + (gi - m[i]) * c1;
        const vi = v[i] + (gi * gi - v[i]) * c2;
        m[i] = mi;
        v[i] = vi;
        w[i] -= factor > 0 ? (rate * factor * mi * byM) / (Math.sqrt(vi * byV) + SMALL) : rate * mi * byM;
      }
    },
  };
}

export function nadamw({ length }) {
  let now = {};
  return {
    slots: [length, length],
    begin(t) {
      now = { ...corrections(t), byNext: B1 / (1 - B1 ** (t + 1)) };
    },
    update(w, g, [m, v]) {
      const [{ byM, byV, byNext }, c1, c2, rate] = [now, 1 - B1, 1 - B2, LEARNING_RATE];
      const byG = c1 * byM;
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const mi = m[i] + (gi - m[i]) * c1;
        const vi = v[i] + (gi * gi - v[i]) * c2;
        m[i] = mi;
        v[i] = vi;
        w[i] -= (rate * (byNext * mi + byG * gi)) / (Math.sqrt(vi * byV) + SMALL);
      }
    },
  };
}

export function adaBelief({ length }) {
  let now = {};
  return {
    slots: [length, length],
    begin(t) {
      now = corrections(t);
    },
    update(w, g, [m, s]) {
      const [{ byM, byV }, c1, c2, rate, epsilon] = [now, 1 - B1, 1 - B2, LEARNING_RATE, 1e-16];
      for (let i = 0; i < w.length; i++) {
        const mi = m[i] + (g[i] - m[i]) * c1;
        const d = g[i] - mi;
        const si = s[i] * B2 + d * d * c2 + epsilon;
        m[i] = mi;
        s[i] = si;
        w[i] -= (rate * mi * byM) / (Math.sqrt(si * byV) + epsilon);
      }
    },
  };
}

export function yogi({ length }) {
  let now = {};
  return {
    slots: [length, length],
    start: 1e-6,
    begin(t) {
      now = corrections(t);
    },
    update(w, g, [m, v]) {
      const [{ byM, byV }, c1, c2, rate, epsilon] = [now, 1 - B1, 1 - B2, LEARNING_RATE, 1e-3];
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const square = gi * gi;
        const mi = m[i] + (gi - m[i]) * c1;
        const vi = v[i] - Math.sign(v[i] - square) * square * c2;
        m[i] = mi;
        v[i] = vi;
        w[i] -= (rate * mi * byM) / (Math.sqrt(vi * byV) + epsilon);
      }
    },
  };
}

export function signum({ length }) {
  return {
    slots: [length],
    begin() {},
    update(w, g, [m]) {
      const [rate, c1] = [LEARNING_RATE, 1 - B1];
      for (let i = 0; i < w.length; i++) {
        const mi = m[i] + (g[i] - m[i]) * c1;
        m[i] = mi;
        w[i] -= rate * Math.sign(mi);
      }
    },
  };
}

export function adopt({ length }) {
  let now = 1;
  return {
    slots: [length, length],
    begin(t) {
      now = t;
    },
    update(w, g, [m, v]) {
      if (now === 1) {
        for (let i = 0; i < w.length; i++) v[i] = g[i] * g[i];
        return;
      }
      const [rate, c1, c2, limit, epsilon] = [LEARNING_RATE, 1 - B1, 1 - 0.9999, (now - 1) ** 0.25, 1e-6];
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const c = Math.min(limit, Math.max(-limit, gi / Math.max(Math.sqrt(v[i]), epsilon)));
        const mi = m[i] + (c - m[i]) * c1;
        m[i] = mi;
        v[i] += (gi * gi - v[i]) * c2;
        w[i] -= rate * mi;
      }
    },
  };
}

export function adEMAMix({ length }) {
  let now = {};
  return {
    slots: [length, length, length],
    begin(t) {
      now = corrections(t);
    },
    update(w, g, [m, s, v]) {
      const [{ byM, byV }, c1, c2, c3, alpha, rate] = [now, 1 - B1, 1 - B2, 1 - 0.9999, 5, LEARNING_RATE];
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const mi = m[i] + (gi - m[i]) * c1;
        const si = s[i] + (gi - s[i]) * c3;
        const vi = v[i] + (gi * gi - v[i]) * c2;
        m[i] = mi;
        s[i] = si;
        v[i] = vi;
        w[i] -= (rate * (mi * byM + alpha * si)) / (Math.sqrt(vi * byV) + SMALL);
      }
    },
  };
}

export function adan({ length }) {
  const [b1, b2, b3] = [0.98, 0.92, 0.99];
  let now = {};
  return {
    slots: [length, length, length, length],
    begin(t) {
      now = { ...corrections(t, b1, b3), byQ: b2 / (1 - b2 ** t), isFirst: t === 1 };
    },
    update(w, g, [p, m, q, v]) {
      const [{ byM, byV, byQ, isFirst }, rate] = [now, LEARNING_RATE];
      const [c1, c2, c3, after] = [1 - b1, 1 - b2, 1 - b3, b2];
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const d = isFirst ? 0 : gi - p[i];
        const ahead = gi + after * d;
        const mi = m[i] + (gi - m[i]) * c1;
        const qi = q[i] + (d - q[i]) * c2;
        const vi = v[i] + (ahead * ahead - v[i]) * c3;
        p[i] = gi;
        m[i] = mi;
        q[i] = qi;
        v[i] = vi;
        w[i] -= (rate * (mi * byM + qi * byQ)) / (Math.sqrt(vi * byV) + SMALL);
      }
    },
  };
}

export function rprop({ length }) {
  let isFirst = true;
  return {
    slots: [length, length],
    begin(t) {
      isFirst = t === 1;
    },
    update(w, g, [s, p]) {
      if (isFirst) s.fill(LEARNING_RATE);
      for (let i = 0; i < w.length; i++) {
        let gi = g[i];
        const agrees = gi * p[i];
        let si = s[i];
        if (agrees > 0) si = Math.min(50, si * 1.2);
        else if (agrees < 0) {
          si = Math.max(1e-6, si * 0.5);
          gi = 0;
        }
        s[i] = si;
        p[i] = gi;
        w[i] -= si * Math.sign(gi);
      }
    },
  };
}

/** MARS on a matrix. */
export function mars({ length }) {
  const [b1, b2, gamma] = [0.95, 0.99, 0.025];
  let now = {};
  return {
    slots: [length, length, length],
    begin(t) {
      now = { ...corrections(t, b1, b2), factor: t === 1 ? 0 : (gamma * b1) / (1 - b1) };
    },
    update(w, g, [p, m, v]) {
      const [{ byM, byV, factor }, rate, c1, c2] = [now, LEARNING_RATE, 1 - b1, 1 - b2];
      let squares = 0;
      for (let i = 0; i < w.length; i++) {
        const c = g[i] + factor * (g[i] - p[i]);
        squares += c * c;
      }
      const scale = 1 / Math.max(1, Math.sqrt(squares));
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const c = (gi + factor * (gi - p[i])) * scale;
        const mi = m[i] + (c - m[i]) * c1;
        const vi = v[i] + (c * c - v[i]) * c2;
        p[i] = gi;
        m[i] = mi;
        v[i] = vi;
        w[i] -= (rate * mi * byM) / (Math.sqrt(vi * byV) + SMALL);
      }
    },
  };
}

export function stableAdamW({ length }) {
  const b2 = 0.99;
  let now = {};
  return {
    slots: [length, length],
    begin(t) {
      now = { c1: (1 - B1) / (1 - B1 ** t), c2: (1 - b2) / (1 - b2 ** t) };
    },
    update(w, g, [m, v]) {
      const { c1, c2 } = now;
      let sum = 0;
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const vi = v[i] + (gi * gi - v[i]) * c2;
        m[i] += (gi - m[i]) * c1;
        v[i] = vi;
        sum += (gi * gi) / Math.max(vi, SMALL * SMALL);
      }
      const rate = LEARNING_RATE / Math.max(1, Math.sqrt(sum / w.length));
      for (let i = 0; i < w.length; i++) w[i] -= (rate * m[i]) / (Math.sqrt(v[i]) + SMALL);
    },
  };
}

export function lars({ length }) {
  return {
    slots: [length],
    begin() {},
    update(w, g, [m]) {
      let wSquares = 0;
      let gSquares = 0;
      for (let i = 0; i < w.length; i++) {
        wSquares += w[i] * w[i];
        gSquares += g[i] * g[i];
      }
      const trust = wSquares > 0 && gSquares > 0 ? 0.001 * Math.sqrt(wSquares / gSquares) : 1;
      const [rate, b1] = [LEARNING_RATE * trust, B1];
      for (let i = 0; i < w.length; i++) {
        const mi = b1 * m[i] - rate * g[i];
        m[i] = mi;
        w[i] += mi;
      }
    },
  };
}

const D0 = 1e-6;
const B3 = Math.sqrt(B2);

/** Prodigy, of one variable: the sums over it are known before it is updated. */
export function prodigy({ length, count }) {
  if (count > 1) return undefined;
  let [d, numerator, isFirst] = [D0, 0, true];
  return {
    slots: [length, length, length, length],
    begin(t) {
      isFirst = t === 1;
    },
    update(w, g, [first, m, v, s]) {
      if (isFirst) first.set(w);
      const a = d * LEARNING_RATE;
      const [byS, c1, c2, b3] = [(d / D0) * a, 1 - B1, 1 - B2, B3];
      let dot = 0;
      let sum = 0;
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const scaled = d * gi;
        dot += gi * (first[i] - w[i]);
        m[i] += (scaled - m[i]) * c1;
        v[i] += (scaled * scaled - v[i]) * c2;
        const si = b3 * s[i] + byS * gi;
        s[i] = si;
        sum += Math.abs(si);
      }
      numerator = b3 * numerator + byS * dot;
      if (sum > 0) d = Math.max(d, numerator / sum);
      const epsilon = d * SMALL;
      for (let i = 0; i < w.length; i++) w[i] -= (a * m[i]) / (Math.sqrt(v[i]) + epsilon);
    },
  };
}

/** DAdaptAdam, of one variable. */
export function dAdaptAdam({ length, count }) {
  if (count > 1) return undefined;
  let [d, numerator] = [D0, 0];
  return {
    slots: [length, length, length],
    begin() {},
    update(w, g, [m, v, s]) {
      const a = d * LEARNING_RATE;
      const [c1, c2, b3] = [1 - B1, 1 - B2, B3];
      const [byM, byS] = [c1 * a, (1 - b3) * a];
      let dot = 0;
      let sum = 0;
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        dot += (gi * s[i]) / (Math.sqrt(v[i]) + SMALL);
        m[i] = B1 * m[i] + byM * gi;
        v[i] += (gi * gi - v[i]) * c2;
        const si = b3 * s[i] + byS * gi;
        s[i] = si;
        sum += Math.abs(si);
      }
      numerator = b3 * numerator + byS * dot;
      if (sum > 0) d = Math.max(d, numerator / ((1 - b3) * sum));
      for (let i = 0; i < w.length; i++) w[i] -= m[i] / (Math.sqrt(v[i]) + SMALL);
    },
  };
}

/** ScheduleFreeSGD, and ScheduleFree around SGD, which is the same rule. z starts as the weights. */
export function scheduleFreeSGD({ length }) {
  let now = 0;
  return {
    slots: [length],
    begin(t) {
      now = t;
    },
    update(w, g, [z]) {
      if (now === 1) z.set(w);
      const c = 1 / now;
      const [rate, ofW] = [LEARNING_RATE, LEARNING_RATE * (1 - B1 * (1 - c))];
      for (let i = 0; i < w.length; i++) {
        w[i] += c * (z[i] - w[i]) - ofW * g[i];
        z[i] -= rate * g[i];
      }
    },
  };
}

export function scheduleFreeRAdam({ length }) {
  let now = {};
  let [sum, largest] = [0, 0];
  return {
    slots: [length, length],
    begin(t) {
      const factor = rectified(t, 4);
      const rate = LEARNING_RATE * factor;
      largest = Math.max(largest, rate);
      sum += largest * largest;
      now = { isFirst: t === 1, factor, rate, c: sum > 0 ? (largest * largest) / sum : 0, byV: 1 / (1 - B2 ** t) };
    },
    update(w, g, [z, v]) {
      const { isFirst, factor, rate, c, byV } = now;
      if (isFirst) z.set(w);
      const [c2, ofW] = [1 - B2, rate * (1 - B1 * (1 - c))];
      for (let i = 0; i < w.length; i++) {
        const gi = g[i];
        const vi = v[i] + (gi * gi - v[i]) * c2;
        v[i] = vi;
        const u = factor > 0 ? gi / (Math.sqrt(vi * byV) + SMALL) : gi;
        w[i] += c * (z[i] - w[i]) - ofW * u;
        z[i] -= rate * u;
      }
    },
  };
}

/** Lookahead around Adam: every fifth step moves halfway to the slow weights. */
export function lookahead(problem) {
  const inner = adam(problem);
  let now = 0;
  return {
    slots: [...inner.slots, problem.length],
    begin(t) {
      now = t;
      inner.begin(t);
    },
    update(w, g, slots) {
      const slow = slots[2];
      if (now === 1) slow.set(w);
      inner.update(w, g, slots);
      if (now % 5 !== 0) return;
      for (let i = 0; i < w.length; i++) {
        slow[i] += 0.5 * (w[i] - slow[i]);
        w[i] = slow[i];
      }
    },
  };
}

/** SWA around Adam: every tenth step joins the average. */
export function swa(problem) {
  const inner = adam(problem);
  let now = 0;
  let joined = 0;
  return {
    slots: [...inner.slots, problem.length],
    begin(t) {
      now = t;
      inner.begin(t);
    },
    update(w, g, slots) {
      inner.update(w, g, slots);
      if (now % 10 !== 0) return;
      const [average, share] = [slots[2], 1 / ++joined];
      for (let i = 0; i < w.length; i++) average[i] += (w[i] - average[i]) * share;
    },
  };
}
