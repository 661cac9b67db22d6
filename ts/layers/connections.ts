/**
 * Symbolic tensors of layers in a stack: made when they are asked for, as most stacks are never cut.
 *
 * @module
 */

/** Functions that connect the stack that a layer is in. */
const stacks = new WeakMap<object, () => void>();

/** Notes the stack of a layer; the first one counts. */
export function inStack(layer: object, connect: () => void): void {
  if (!stacks.has(layer)) stacks.set(layer, connect);
}

/** Connects the layers of the stack that the layer is in, if it is in one. */
export function connectStack(layer: object): void {
  stacks.get(layer)?.();
}

/** Makes a property of a class that has a getter one of this object's, for subclasses that assign to the name. */
export function asOwn(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}
