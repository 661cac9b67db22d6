/**
 * Every argument of every public class, function and method against the signatures of real Keras: names, order and defaults.
 * Where they differ, a row of the tables in docs/differences-from-keras.md says so, and why; a row that is no longer true
 * fails as well. Node only: it reads the types.
 */

import { describe, expect, it } from "vitest";
import { fromKeras, toKeras } from "../../ts/keras-names.js";
import { LAYER_ALIASES } from "../../ts/layers/registry.js";
import rates from "../golden/schedules.json" with { type: "json" };
import around from "../golden/wrappers.json" with { type: "json" };
import { DIFFERENCES, isListed, means } from "../support/argument-differences.js";
import { GOLDEN } from "../support/golden.js";
import { type KerasArgument, kerasArguments } from "../support/keras-signatures.js";
import { defaultIn } from "./default-in-comment.js";
import { publicSignatures, type Signature } from "./public-signatures.js";

/** Names that Keras lacks, and members called only by subclasses and the library. */
const OURS_ALONE =
  /^(GradientTape|tidy|zip|tensor|Tensor|stringify|memoryUse|getReplicaContext|\w+Error)\b|^callbacks\.ProgressBar|^layers\.(get|SymbolicTensor|Input)$|^losses\.FunctionLoss|^metrics\.numbersOf|^initializers\.RandomInitializer|^random\.permutation|^(optimizers\.)?schedules\.get|^optimizers\.withStats|^activations\.relu6|^ops\.(keep|mish|relu6|dense|dropout|sigmoidCrossEntropy|softmaxCrossEntropy|sparseSoftmaxCrossEntropy)$/;

/** Optimizers and schedules that Keras lacks: their vectors name another source. */
const WITH_SOURCE = new Set([
  ...[...GOLDEN.values()].flatMap(({ optimizer, source }) => (source === undefined ? [] : [`optimizers.${optimizer}`])),
  ...[...around.cases, ...around.sharp].map(({ optimizer }) => `optimizers.${optimizer}`),
  // Vectors by losses, not by gradients or steps.
  "optimizers.LBFGS",
  "optimizers.schedules.ReduceOnPlateau",
  "schedules.ReduceOnPlateau",
  ...rates.cases.flatMap((vector) =>
    "source" in vector ? [`optimizers.schedules.${vector.class_name}`, `schedules.${vector.class_name}`] : [],
  ),
]);

/** Bases, whose methods are their subclasses' too. */
const BASES = [
  "Model",
  "Sequential",
  "layers.Layer",
  "losses.Loss",
  "metrics.Metric",
  "metrics.Mean",
  "optimizers.Optimizer",
];

/** Arguments that callers pass by position, without a name: our names, and Keras's. */
const PLACED: Readonly<Record<string, readonly string[]>> = {
  x: ["x", "inputs", "variable", "initializer", "x1"],
  a: ["x1"],
  b: ["x2"],
  tensors: ["xs", "x"],
  params: ["x"],
  indices: ["indices", "x"],
  labels: ["target"],
  parts: ["indices_or_sections"],
  min: ["x_min"],
  max: ["x_max"],
  start: ["start_indices"],
  shape: ["newshape", "shape"],
  data: ["initializer"],
  json: ["config", "name", "json_string"],
  schedule: ["learning_rate_schedule", "schedule"],
  pairs: ["grads_and_vars"],
  gradients: ["grads"],
  variables: ["trainable_variables", "variables", "var_list"],
  values: ["values", "value"],
  fn: ["fn", "function"],
};

const OURS = new Map(
  [...publicSignatures("ts/index.ts")].filter(([path]) => {
    if (OURS_ALONE.test(path) || /^schedules\./.test(path) || WITH_SOURCE.has(path)) return false;
    const owner = path.slice(0, Math.max(0, path.lastIndexOf(".")));
    const isMethod = /^[A-Z]/.test(owner.slice(owner.lastIndexOf(".") + 1));
    if (path.endsWith(".call")) return false;
    if (isMethod) return BASES.includes(owner) && kerasArguments(path) !== undefined;
    // Optimizers and schedules are also exported at the top.
    return path.includes(".") || /^(Model|Sequential|Input|Variable|modelFromJSON|setRandomSeed)$/.test(path);
  }),
);

type Kind = "missing" | "default" | "order" | "required" | "undocumented";
type Difference = readonly [path: string, argument: string, kind: Kind];

/** Whether a default in a comment is that of Keras: names in both spellings, and one length for all axes. */
function isSame(ours: NonNullable<ReturnType<typeof defaultIn>>, [keras, ...none]: readonly unknown[]): boolean {
  if ("words" in ours) return keras === null || typeof keras === "string";
  const plain = (value: unknown): unknown =>
    Array.isArray(value) && value.every((entry) => entry === value[0])
      ? value[0]
      : typeof value === "string"
        ? toKeras(value)
        : value;
  return none.length === 0 && JSON.stringify(plain(ours.value)) === JSON.stringify(plain(keras));
}

function differencesOf(path: string, { placed, options }: Signature, keras: readonly KerasArgument[]): Difference[] {
  const known = keras.filter(([name]) => !name.startsWith("*"));
  const names = known.map(([name]) => name);
  const found: Difference[] = [];
  const used = new Set<string>();
  placed.forEach(({ name, isOptional }, i) => {
    const meant = [...(PLACED[name] ?? []), toKeras(name), name].find((one) => names.includes(one));
    if (meant === undefined) return;
    used.add(meant);
    if (names[i] !== meant) found.push([path, fromKeras(meant), "order"]);
    else if (path.startsWith("ops.") && !isOptional && known[i]?.length === 2)
      found.push([path, fromKeras(meant), "required"]);
  });
  for (const [name, { comment, isMethod }] of options) {
    // Letters of matrices are capitals in Keras too.
    const at = Math.max(names.indexOf(toKeras(name)), names.indexOf(name));
    if (at === -1) continue;
    used.add(names[at] as string);
    const [, ...given] = known[at] as KerasArgument;
    const ours = defaultIn(comment);
    // Hooks have none, and what is required there.
    if (ours === undefined && (isMethod || given.length === 0)) continue;
    if (ours === undefined) found.push([path, name, "undocumented"]);
    else if (!isSame(ours, given)) found.push([path, name, "default"]);
  }
  for (const name of names) if (!used.has(name)) found.push([path, fromKeras(name), "missing"]);
  return found;
}

describe("arguments, against the signatures of Keras", () => {
  // Aliases differ where their classes do.
  const unaliased = [...OURS].filter(([path]) => !(path.replace("layers.", "") in LAYER_ALIASES));
  const all = unaliased.flatMap(([path, signature]) => differencesOf(path, signature, kerasArguments(path) ?? []));

  it("every public name has its counterpart in Keras, or is in the list of ours", () => {
    expect([...OURS.keys()].filter((path) => kerasArguments(path) === undefined)).toEqual([]);
    expect(OURS.size).toBeGreaterThan(250);
  });

  it("differ only where docs/differences-from-keras.md says so", () => {
    const unlisted = all.filter(([path, argument]) => !isListed(path, argument));
    expect(unlisted.map(([path, argument, kind]) => `${path}: ${argument} is ${kind}`).join("\n")).toBe("");
  });

  it.each(DIFFERENCES)("$line", ({ where, names }) => {
    const found = all.filter(
      ([path, argument]) => names.includes(argument) && where.some((place) => means(place, path)),
    );
    expect(where.filter((place) => !found.some(([path]) => means(place, path)))).toEqual([]);
    expect(names.filter((name) => !found.some(([, argument]) => argument === name))).toEqual([]);
  });
});
