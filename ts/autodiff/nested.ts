/**
 * Gradients of gradients.
 *
 * A gradient is one operation on the tapes that record it. It depends on all operands that its backward pass reads. Its
 * gradient in the direction `v` is that of a tangent, the derivative of the targets along `v`: `d (v J^T s) / dx = d (s
 * (J v)) / dx`. The rules of the operations compute the tangent with operations, so it has gradients too. The inner
 * `gradient()` runs the usual kernels; nothing else is computed until the gradient of its result is requested.
 *
 * Over 300 lines: the entries created here refer to the whole module.
 *
 * @module
 */

import { lastChange } from "../changes.js";
import { wasm } from "../runtime/module.js";
import { type Shape, sizeOf } from "../shape.js";
import { isTensor, type Tensor } from "../tensor.js";
import { isVariable } from "../variable.js";
import { allocate, type Operand, scratch } from "./arena.js";
import { between, connected, dependencies, gradientsOf } from "./backward.js";
import { type Place, Places } from "./parts.js";
import {
  activeRecorders,
  type Backward,
  type Entry,
  type Found,
  type Higher,
  push,
  type Question,
  type Recorder,
  recordedBy,
  type Seed,
  type Tangent,
  unrecorded,
} from "./record.js";
import { Recording } from "./recording.js";
import { slabTensor } from "./slab-tensor.js";

type Float = Tensor<"float32">;
type MaybeFloat = Float | null;

/** One call of `gradient()`, kept while gradients of its result can be requested. */
interface Call {
  readonly asked: Question;
  readonly places: Places;
  /** Operands that the outer tape tracks, and on which the gradients depend. */
  readonly inputs: readonly Operand[];
  /** Operations between these and the backward pass that the outer tape did not record, such as earlier ones. */
  readonly before: readonly Entry[];
}

/** For all entries. */
export const higher: Higher = { note, jacobian };

/** Records gradients, as one operation, on the tapes that track what they depend on. */
function note(question: Question, found: Found, around: readonly Recorder[]): void {
  const places = new Places();
  const outputs: [Place, Float][] = [];
  question.sources.forEach((source, i) => {
    const output = found[i] ?? null;
    if (output === null || !question.needed.has(source) || places.of.has(source)) return;
    outputs.push([places.add(source), output]);
  });
  const asked = { ...question, entries: question.entries.map((one) => ({ ...one, ...one.ofCall?.() })) };
  for (const recorder of around) {
    const [operands, before] = dependenciesOf(asked, recorder);
    const inputs = operands.filter((operand) => recorder.tracks(operand));
    if (inputs.length === 0 || outputs.length === 0) continue;
    const whole = wholeOf({ asked, places, inputs, before }, operands);
    recorder.push(whole);
    for (const [place, output] of outputs) recorder.push(partOf(whole.output as Float, place, output));
  }
}

/** Gradients that may be differentiated again. */
export function recordedGradients(asked: Question): Found {
  const places = new Map(asked.sources.map((source) => [source, allocate(source.shape)]));
  const found = unrecorded(() => scratch(() => gradientsOf(asked, places)));
  note(asked, found, activeRecorders());
  return found;
}

/** One gradient for each element; samples do not depend on each other, so they share one. */
function jacobian(asked: Question, isBatch: boolean): Found {
  const { sources, recorded, zeros: isZero } = asked;
  const [target] = asked.targets as readonly [Operand];
  const samples = isBatch ? target.shape[0]! : 1;
  const count = samples === 0 ? 0 : target.size / samples;
  const recording = new Recording(false);
  for (const operand of asked.needed) recording.watch(operand);
  for (const entry of recorded) recording.entries.push(entry);
  const rows = Array.from({ length: count }, (_, k) => {
    const seed = zeros(target.shape);
    for (let i = 0; i < samples; i++) seed.numbers[i * count + k] = 1;
    return recordedGradients(between(recording, [target], sources, [seed]));
  });
  return sources.map((source, j) => {
    const shape = [...target.shape, ...source.shape.slice(isBatch ? 1 : 0)];
    if (!asked.needed.has(source)) return isZero ? zeros(shape) : null;
    const size = source.size / Math.max(1, samples);
    const blocks: MaybeFloat[] = [];
    const places: Place[] = [];
    rows.forEach((row, k) => {
      const gradient = row[j] ?? null;
      for (let i = 0; i < samples && gradient !== null; i++) {
        blocks.push(samples === 1 ? gradient : part(gradient, { offset: i * size, shape: [size] }));
        places.push({ offset: (i * count + k) * size, shape: [size] });
      }
    });
    return joined(blocks, places, shape);
  });
}

/** The rule of an operation whose result can also be composed of other operations, by `define`. */
export function asDefined(inputs: readonly Operand[], define: () => Float): Tangent {
  return (given) => {
    const recording = new Recording(false);
    const start = new Map<Operand, Float>();
    inputs.forEach((input, i) => {
      const tangent = given[i] ?? null;
      if (tangent === null) return;
      recording.watch(input);
      start.set(input, tangent);
    });
    const output = recordedBy(recording, define);
    return pushForward(recording.entries, start, [output])[0] ?? null;
  };
}

/** The tangents of the targets, `null` for 0; recorded. */
function pushForward(
  entries: readonly Entry[],
  start: ReadonlyMap<Operand, Float>,
  targets: readonly (Operand | null)[],
): MaybeFloat[] {
  const tangents = new Map<Operand, Float>(start);
  const ends = targets.filter((target) => target !== null);
  const needed = connected(entries, [...start.keys()], ends);
  for (const entry of entries) {
    if (!needed.has(entry.output)) continue;
    const given = entry.inputs.map((input) => tangents.get(input) ?? null);
    if (given.every((tangent) => tangent === null)) continue;
    const own = entry.tangent(given);
    const other = tangents.get(entry.output);
    if (own !== null) tangents.set(entry.output, other === undefined ? own : added(other, own));
  }
  return targets.map((target) => (target === null ? null : (tangents.get(target) ?? null)));
}

/** Operands on which the gradients depend, for an outer tape, and the preceding operations that it did not record. */
function dependenciesOf(asked: Question, recorder: Recorder): [operands: Operand[], before: Entry[]] {
  const operands = new Set(dependencies(asked));
  const before: Entry[] = [];
  for (let i = asked.recorded.length - 1; i >= 0; i--) {
    const entry = asked.recorded[i]!;
    if (!operands.has(entry.output) || recorder.tracks(entry.output)) continue;
    before.push(entry);
    for (const operand of [...entry.inputs, ...entry.reads]) operands.add(operand);
  }
  return [[...operands], before.reverse()];
}

/** The entry of all gradients of a call. */
function wholeOf(call: Call, reads: readonly Operand[]): Entry {
  const { asked, places, inputs } = call;
  const backward: Backward = (dy, into) => {
    const start = new Map<Operand, Float>();
    for (const [source, { offset, shape }] of places.of) start.set(source, slabTensor(dy, offset, shape));
    const again = replay(call, inputs);
    const tangents = recordedBy(again, () => pushForward(asked.entries, start, asked.targets));
    // Gradients of the tangents, and of the targets' gradients if these are operands: both factors of the products.
    const products = asked.seeds.flatMap((seed, i): Product[] => [
      [tangents[i], seed],
      [isOperand(seed) ? seed : null, tangents[i]],
    ]);
    const wanted = inputs.map((_, i) => i).filter((i) => into.wants(i));
    const sources = wanted.map((i) => inputs[i]!);
    const gradients = gradientsOf(ofProducts(again, products, sources), new Map());
    gradients.forEach((gradient, i) => {
      if (gradient !== null) into.pass(wanted[i]!, gradient);
    });
  };
  return made("gradient", inputs, places.together(), backward, (given) => tangentOfCall(call, given), reads);
}

/**
 * The tangent of all gradients: `s (J v)` is linear in `v`, and the gradients are its derivative with respect to `v`;
 * so their tangent is the derivative of its tangent with respect to `v`.
 */
function tangentOfCall(call: Call, given: readonly MaybeFloat[]): MaybeFloat {
  const { asked, places, inputs } = call;
  const direction = new Map<Operand, Float>();
  inputs.forEach((input, i) => {
    const tangent = given[i] ?? null;
    if (tangent !== null) direction.set(input, tangent);
  });
  const again = replay(call, [...direction.keys()]);
  const free = new Map<Operand, Float>();
  for (const source of places.of.keys()) {
    const v = zeros(source.shape);
    again.watch(v);
    free.set(source, v);
  }
  const first = recordedBy(again, () => pushForward(asked.entries, free, asked.targets));
  const seeds = asked.seeds.map((seed) => (isOperand(seed) ? seed : null));
  const second = recordedBy(again, () => pushForward([...again.entries], direction, [...first, ...seeds]));
  const products = asked.seeds.flatMap((seed, i): Product[] => [
    [second[i], seed],
    [first[i], second[first.length + i]],
  ]);
  const found = recordedGradients(ofProducts(again, products, [...free.values()]));
  return joined(found, [...places.of.values()], [places.size]);
}

/** A tape that has recorded the forward pass. */
function replay({ before }: Call, inputs: readonly Operand[]): Recording {
  const again = new Recording(false);
  for (const input of inputs) again.watch(input);
  for (const one of before) if (one.inputs.some((input) => again.tracks(input))) again.push(one);
  return again;
}

/** A target, and its gradient; `undefined` stands for ones. No product if one of them is `null`. */
type Product = readonly [target: Operand | null | undefined, seed: Seed | null | undefined];

/** The request for the gradients of a sum of products. */
function ofProducts(recording: Recording, products: readonly Product[], sources: readonly Operand[]): Question {
  const whole = products.filter(([target, seed]) => (target ?? null) !== null && seed !== null);
  const targets = whole.map(([target]) => target as Operand);
  return between(
    recording,
    targets,
    sources,
    whole.map(([, seed]) => seed ?? undefined),
  );
}

/** The entry that takes one gradient out of all. */
function partOf(whole: Float, place: Place, output: Float): Entry & { readonly output: Float } {
  const backward: Backward = (dy, into) => {
    into.accumulate(0, (to, beta) => {
      if (beta === 0) wasm().fill_values(to, whole.size, 0);
      wasm().add_values(dy.address, dy.size, to + place.offset * 4);
    });
  };
  return made("gradient", [whole], output, backward, ([t]) => part(t as Float, place));
}

function part(whole: Float, place: Place): Float {
  const y = allocate(place.shape);
  wasm().copy_values(whole.address + place.offset * 4, y.size, y.address);
  return push(partOf(whole, place, y));
}

/** Joins parts; `null` stands for zeros. */
function joined(given: Found, places: readonly Place[], shape: Shape): Float {
  const y = zeros(shape);
  const parts: Float[] = [];
  const at: Place[] = [];
  given.forEach((one, i) => {
    if (one === null) return;
    wasm().copy_values(one.address, one.size, y.address + places[i]!.offset * 4);
    parts.push(one);
    at.push(places[i]!);
  });
  const backward: Backward = (dy, into) => {
    at.forEach(({ offset, shape }, i) => {
      into.write(i, (to) => wasm().copy_values(dy.address + offset * 4, sizeOf(shape), to));
    });
  };
  return push(made("gradients", parts, y, backward, (tangents) => joined(tangents, at, shape)));
}

/** The sum of two tensors of one shape. */
export function added(a: Float, b: Float): Float {
  const y = allocate(a.shape);
  wasm().copy_values(a.address, a.size, y.address);
  wasm().add_values(b.address, b.size, y.address);
  const backward: Backward = (dy, into) => {
    into.pass(0, dy);
    into.pass(1, dy);
  };
  return push(made("add", [a, b], y, backward, ([s, t]) => (s && t ? added(s, t) : (s ?? t ?? null))));
}

/** An entry of this module. */
function made<T extends Tensor>(
  name: string,
  inputs: readonly Operand[],
  output: T,
  backward: Backward,
  tangent: Tangent,
  reads: readonly Operand[] = [],
): Entry & { readonly output: T } {
  return { name, inputs, output, backward, tangent, reads, change: lastChange(), higher };
}

function zeros(shape: readonly number[]): Float {
  const tensor = allocate(shape);
  wasm().fill_values(tensor.address, tensor.size, 0);
  return tensor;
}

/** Whether a seed is an operand with gradients. */
function isOperand(seed: Seed | undefined): seed is Operand {
  return isVariable(seed) || (isTensor(seed) && seed.dtype === "float32");
}
