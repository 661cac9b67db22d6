/**
 * An optimizer's state in files of TensorFlow.js: `iter`, then the slots, slot by slot.
 *
 * @module
 */

import type { TrainableModel } from "../../models/trainable-model.js";
import type { Variable } from "../../variable.js";
import type { WeightHolder } from "../../weights.js";
import type { Assignment, StoredEntry } from "./model-file.js";
import { aligned, type NamedNumbers, type StoredTensor } from "./stored-tensor.js";
import { SHARED_OPTIMIZERS, type SharedOptimizer, type SharedSlot } from "./tfjs-optimizers.js";

const ITERATIONS = "iter";

/** Suffixes of the path of a variable that belongs to a weight. */
const slotEnd = (path: string, { ours }: SharedSlot) => `/${path.replaceAll("/", "_")}_${ours}`;

/**
 * The state for TensorFlow.js.
 *
 * @param names - TensorFlow.js's names of weights, by their paths.
 */
export function tfjsState(
  shared: SharedOptimizer,
  rate: number,
  state: readonly NamedNumbers[],
  names: ReadonlyMap<string, string>,
): NamedNumbers[] {
  const [iterations] = state as [NamedNumbers];
  // Adamax has no state in TensorFlow.js.
  if (shared.theirs === "Adamax") return [];
  const slotOf = (path: string, slot: SharedSlot) => state.find(({ name }) => name.endsWith(slotEnd(path, slot)));
  const [first] = shared.slots;
  const trained = first === undefined ? [] : [...names].filter(([path]) => slotOf(path, first) !== undefined);
  const slots = shared.slots.filter(({ theirs }) => theirs !== "mg");
  return [
    { ...iterations, name: ITERATIONS },
    ...slots.flatMap((slot) =>
      trained.map(([path, name]) => {
        const { shape, data } = slotOf(path, slot) ?? empty(slotOf(path, first as SharedSlot) as NamedNumbers);
        const sums = slot.isSum ? Float32Array.from(data, (value) => (rate === 0 ? 0 : -value / rate)) : data;
        return { name: `${name}/${slot.theirs}`, shape, data: sums };
      }),
    ),
  ];
}

/** TensorFlow.js has slots for RMSprop's momentum even if the momentum is 0. */
const empty = ({ name, shape, data }: NamedNumbers): NamedNumbers => ({
  name,
  shape,
  data: new Float32Array(data.length),
});

/**
 * The entries of TensorFlow.js's state for the optimizer of `model`, which is built; `undefined` if they belong to
 * another optimizer.
 */
export function stateOf(
  { optimizer, trainableWeights }: TrainableModel,
  entries: ReadonlyMap<string, StoredTensor>,
  nameOf: (weight: Variable) => string,
): Assignment | undefined {
  const found = new Map<WeightHolder, StoredEntry>();
  const shared = SHARED_OPTIMIZERS.filter(({ ours }) => ours === optimizer?.className);
  const iterations = entries.get(ITERATIONS);
  if (optimizer === null || iterations === undefined) return found;
  const [counter, ...others] = optimizer.variables;
  found.set(counter as WeightHolder, { name: ITERATIONS, tensor: iterations });
  const { learningRate } = optimizer;
  const isRate = others[0]?.path.endsWith("/learning_rate") && typeof learningRate === "number";
  // Not in the file: the config has it.
  if (isRate) found.set(others[0]!, { name: "learning_rate", tensor: single(learningRate) });
  for (const slot of shared.flatMap(({ slots }) => slots)) {
    const list = [...entries].filter(([name]) => name.endsWith(`/${slot.theirs}`));
    const named = trainableWeights.map((weight) => `${nameOf(weight)}/${slot.theirs}`);
    const isNamed = named.every((name) => entries.has(name));
    // Unique suffixes in names of variables depend on the session: then the order is used.
    if (!isNamed && list.length !== named.length) continue;
    trainableWeights.forEach((weight, i) => {
      const holder = others.find(({ path }) => path.endsWith(slotEnd(weight.path, slot)));
      const name = isNamed ? named[i]! : list[i]![0];
      const tensor = entries.get(name) as StoredTensor;
      if (holder === undefined) return;
      found.set(holder, { name, tensor: slot.isSum ? scaled(tensor, -Number(learningRate)) : tensor });
    });
  }
  return found.size === optimizer.variables.length ? found : undefined;
}

const single = (value: number): StoredTensor => ({
  dtype: "F32",
  shape: [],
  bytes: () => new Uint8Array(Float32Array.of(value).buffer),
});

function scaled(tensor: StoredTensor, factor: number): StoredTensor {
  const bytes = async () => {
    const given = aligned(await tensor.bytes(), 4);
    const numbers = new Float32Array(given.buffer, given.byteOffset, given.length / 4);
    return new Uint8Array(numbers.map((value) => value * factor).buffer);
  };
  return tensor.dtype === "F32" ? { ...tensor, bytes, parts: undefined } : tensor;
}
