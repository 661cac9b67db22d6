/**
 * Names that are given where the user gives none.
 *
 * @module
 */

const counts = new Map<string, number>();

/** `adam`, then `adam_1`, `adam_2`, ... as Keras counts. */
export function uniqueName(stem: string): string {
  const count = counts.get(stem) ?? 0;
  counts.set(stem, count + 1);
  return count === 0 ? stem : `${stem}_${count}`;
}

/** A class's name in snake case, as Keras writes it: `RMSprop` is `rm_sprop`, `AdamW` is `adam_w`. */
export function snakeCase(className: string): string {
  return className
    .replace(/(.)([A-Z][a-z0-9]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
