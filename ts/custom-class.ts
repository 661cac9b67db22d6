/**
 * Classes of the user's, which `customObjects` has for what is read from JSON.
 *
 * @module
 */

import { ArgumentTypeError } from "./errors.js";
import { shown } from "./options.js";

/**
 * The class that `customObjects` has under the first of `names`, if any.
 *
 * @param caller - What the message of an error begins with: `"optimizers.deserialize: "`.
 * @param baseName - What the message calls `base`, which minifiers rename.
 * @throws TypeError for what is no class, or does not extend `base`
 */
export function customClass(
  caller: string,
  baseName: string,
  base: abstract new (...args: never[]) => object,
  customObjects: object,
  names: readonly unknown[],
): unknown {
  for (const name of names) {
    const custom = typeof name === "string" ? own(customObjects, name) : undefined;
    if (custom === undefined) continue;
    if (typeof custom === "function" && custom.prototype instanceof base) return custom;
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${caller}customObjects["${name}"] must be a class that extends ${baseName}, got ${shown(custom)}.`,
    );
  }
  return undefined;
}

/** Only what the object itself holds: a config is foreign data, and `constructor` is no key of it. */
export function own(holder: object, key: string): unknown {
  return Object.hasOwn(holder, key) ? (holder as Record<string, unknown>)[key] : undefined;
}
