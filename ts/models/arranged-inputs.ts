/**
 * Inputs of a model's call in the order of its inputs: Keras also takes them by name, and one in a list.
 *
 * @module
 */

import { isA, isPlain } from "../brands.js";
import { ValueError } from "../errors.js";
import { SymbolicTensor } from "../layers/layer.js";
import { isList } from "../options.js";
import { isTensor } from "../tensor.js";
import { isVariable } from "../variable.js";

/** @throws ValueError for an object that lacks some of the inputs */
export function arrangedInputs(owner: string, ports: readonly { readonly name: string }[], inputs: unknown): unknown {
  if (isList(inputs)) return ports.length === 1 && inputs.length === 1 && isNode(inputs[0]) ? inputs[0] : inputs;
  if (!isPlain(inputs)) return inputs;
  const names = ports.map(({ name }) => name);
  const missing = names.filter((name) => !Object.hasOwn(inputs, name));
  // Another object, which is refused later.
  if (missing.length === names.length) return inputs;
  if (missing.length > 0) {
    const quoted = (list: readonly string[]) => list.map((name) => `"${name}"`).join(", ");
    throw new ValueError(
      "ERR_SHAPE",
      `${owner}: the inputs have ${quoted(Object.keys(inputs))}, but not ${quoted(missing)}.`,
    );
  }
  const list = names.map((name) => (inputs as Readonly<Record<string, unknown>>)[name]);
  return list.length === 1 ? list[0] : list;
}

function isNode(value: unknown): boolean {
  return isA(value, SymbolicTensor) || isTensor(value) || isVariable(value);
}
