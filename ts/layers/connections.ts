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

/** Replaces an inherited getter by a property of this object, for subclasses that assign to its name. */
export function asOwn(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}
