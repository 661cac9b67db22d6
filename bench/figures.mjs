// Numbers as people read them.

/** Three digits, without exponent. */
function digits(x) {
  if (x >= 100) return Math.round(x).toLocaleString("en-US");
  return x >= 10 ? x.toFixed(1) : x.toFixed(2);
}

/** Milliseconds in the unit that suits them. */
export function time(ms) {
  if (ms >= 1000) return `${digits(ms / 1000)} s`;
  return ms >= 1 ? `${digits(ms)} ms` : `${digits(ms * 1000)} µs`;
}

/** Least and most in one unit. */
export function range({ min, max }) {
  return `${time(min)}–${time(max)}`;
}

/** Nanoseconds per element. */
export function perElement(ms, elements) {
  return digits((ms * 1e6) / elements);
}

/** A ratio. */
export const times = (ratio) => `${digits(ratio)}×`;
