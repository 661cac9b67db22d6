/**
 * Console warnings, each text at most once per owner, so that the output of a training loop stays readable.
 *
 * @module
 */

const said = new WeakMap<object, Set<string>>();

/** Warns about `owner`, unless the same warning was given before. */
export function warnOnce(owner: object, message: string): void {
  const texts = said.get(owner) ?? new Set();
  said.set(owner, texts);
  if (texts.has(message)) return;
  texts.add(message);
  console.warn(message);
}
