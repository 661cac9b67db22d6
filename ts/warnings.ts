/**
 * Warnings, on the console; each text at most once per owner, so that a training loop stays readable.
 *
 * @module
 */

const said = new WeakMap<object, Set<string>>();

/** Warns about `owner`, unless the same was said about it before. */
export function warnOnce(owner: object, message: string): void {
  const texts = said.get(owner) ?? new Set();
  said.set(owner, texts);
  if (texts.has(message)) return;
  texts.add(message);
  console.warn(message);
}
