/**
 * The arguments of Keras's classes, functions and methods, by the paths that they have here.
 */

import { snakeCase } from "../../ts/names.js";
import golden from "../golden/signatures.json" with { type: "json" };

/** An argument: its name, and its default if it has one. */
export type KerasArgument = readonly [name: string, value?: unknown];

const SIGNATURES = new Map(
  golden.cases.map((entry) => [entry.id, entry.arguments as unknown as readonly KerasArgument[]]),
);

/** Different names in Keras: JavaScript's words, short names, and one function for each number of axes. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "ops.concat": "ops.concatenate",
  "ops.sub": "ops.subtract",
  "ops.mul": "ops.multiply",
  "ops.div": "ops.divide",
  "ops.pow": "ops.power",
  "ops.neg": "ops.negative",
  "ops.variance": "ops.var",
  "ops.conv1d": "ops.conv",
  "ops.conv2d": "ops.conv",
  "ops.conv2dTranspose": "ops.conv_transpose",
  "ops.depthwiseConv2d": "ops.depthwise_conv",
  "ops.maxPool2d": "ops.max_pool",
  "ops.averagePool2d": "ops.average_pool",
  "ops.avgPool2d": "ops.average_pool",
  "losses.bce": "losses.binary_crossentropy",
  "losses.kld": "losses.kl_divergence",
  "losses.mae": "losses.mean_absolute_error",
  "losses.mape": "losses.mean_absolute_percentage_error",
  "losses.mse": "losses.mean_squared_error",
  "losses.msle": "losses.mean_squared_logarithmic_error",
};

/** Keras's path of what is at `path` here: `ops.argmax`, `Model.get_layer`, `layers.Layer.__call__`. */
function kerasPath(path: string): string {
  const dot = path.lastIndexOf(".");
  const [owner, name] = [path.slice(0, dot + 1), path.slice(dot + 1)];
  if (SIGNATURES.has(path)) return path;
  // Optimizers and schedules are also exported at the top, and a browser's module lists those first.
  const inside = ["optimizers", "schedules"]
    .map((family) => `${family}.${path}`)
    .find((known) => SIGNATURES.has(known));
  if (inside !== undefined) return inside;
  const isCall = name === "apply" && !/^(optimizers\.)?Optimizer\.$/.test(owner);
  return OTHER_NAMES[path] ?? `${owner}${isCall ? "__call__" : snakeCase(name)}`;
}

/** Keras's arguments at a path of ours, `undefined` if Keras has no such path. Layers include the arguments of every layer. */
export function kerasArguments(path: string): readonly KerasArgument[] | undefined {
  const found = SIGNATURES.get(kerasPath(path));
  const isLayer = /^layers\.[A-Z]\w*$/.test(path) && path !== "layers.Layer" && path !== "layers.Input";
  if (found === undefined || !isLayer) return found;
  const names = new Set(found.map(([name]) => name));
  const ofAll = (SIGNATURES.get("layers.Layer") as readonly KerasArgument[]).filter(([name]) => !names.has(name));
  return [...found, ...ofAll];
}
