// The order of a module's functions: each follows the one that it resembles most. Compressed, the module is 1.9 % smaller,
// because matches are closer. Functions with the lowest numbers, the most called ones, keep numbers of one byte.

import { CODE_SECTION, Reader, sectionsOf, unsigned } from "./wasm-code.mjs";

/** Runs of this many bytes are compared. */
const RUN = 5;
/** A function is compared with the last functions, with less weight to each earlier one. */
const WEIGHTS = [1, 0.85, 0.7];
/** Numbers below this, imports included, take one byte in a call. */
const ONE_BYTE = 128;

const IMPORTS = 2;
const FUNCTION = 0;

/** The number of functions that the module imports. Only functions and memories are imported. */
function importedFunctions(sections) {
  const imports = sections.find(({ id }) => id === IMPORTS);
  if (imports === undefined) return 0;
  const reader = new Reader(imports.content);
  let count = 0;
  for (let left = reader.number(); left > 0; left--) {
    for (let name = 0; name < 2; name++) reader.skip(reader.number());
    const kind = reader.byte();
    if (kind === FUNCTION) {
      count++;
      reader.number();
    } else if (kind === 2) {
      const flags = reader.number();
      reader.number();
      if (flags & 1) reader.number();
    } else throw new Error(`similar.mjs: an import of the kind ${kind} is not known.`);
  }
  return count;
}

function runsOf(body) {
  const runs = new Set();
  for (let at = 0; at + RUN <= body.length; at++) runs.add(body.toString("latin1", at, at + RUN));
  return runs;
}

function likeness(a, b) {
  let common = 0;
  for (const run of a) if (b.has(run)) common++;
  return common / Math.sqrt(a.size * b.size + 1);
}

/** The module's own functions in their new order, by their current positions, and the number of imported ones. */
function similarOrder(bytes) {
  const sections = sectionsOf(bytes);
  const imported = importedFunctions(sections);
  const code = new Reader(Buffer.from(sections.find(({ id }) => id === CODE_SECTION).content));
  const bodies = Array.from({ length: code.number() }, () => {
    const size = code.number();
    code.skip(size);
    return code.bytes.subarray(code.at - size, code.at);
  });
  const runs = bodies.map(runsOf);
  const order = [];
  /** Likeness of each function to the last ones in the order, the last first. */
  const near = runs.map(() => []);
  const indices = [...runs.keys()];
  const short = Math.max(0, ONE_BYTE - imported);
  const left = new Set(indices);
  for (const part of [indices.slice(0, short), indices.slice(short)]) {
    for (let count = part.length; count > 0; count--) {
      let [best, most] = [-1, -1];
      for (const i of part) {
        if (!left.has(i)) continue;
        // The first of all is the longest.
        const value = order.length === 0 ? runs[i].size : Math.max(...near[i].map((found, k) => WEIGHTS[k] * found));
        if (value > most) [best, most] = [i, value];
      }
      order.push(best);
      left.delete(best);
      for (const i of left) near[i] = [likeness(runs[i], runs[best]), ...near[i]].slice(0, WEIGHTS.length);
    }
  }
  return { order, imported };
}

const withLength = (bytes) => [...unsigned(bytes.length), ...bytes];

/** The module with names of its functions whose alphabetical order is the new one, for wasm-opt. */
export function namedByOrder(bytes) {
  const { order, imported } = similarOrder(bytes);
  const places = new Map(order.map((from, to) => [from, to]));
  const text = (name) => withLength([...Buffer.from(name)]);
  const names = order.map((_, i) => [...unsigned(imported + i), ...text(`f${10_000 + places.get(i)}`)]);
  const functions = [1, ...withLength([...unsigned(names.length), ...names.flat()])];
  return Buffer.concat([bytes, Buffer.from([0, ...withLength([...text("name"), ...functions])])]);
}
