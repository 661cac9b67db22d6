/**
 * Symbolic tensors of layers in a stack: created at first use, because most models never need them.
 *
 * @module
 */

/** Functions that connect the stack of a layer. */
const stacks = new WeakMap<object, () => void>();

/** Records the stack of a layer; only the first one is used. */
export function inStack(layer: object, connect: () => void): void {
  if (!stacks.has(layer)) stacks.set(layer, connect);
}

/** Connects the layers of the layer's stack, if there is one. */
export function connectStack(layer: object): void {
  stacks.get(layer)?.();
}
