/**
 * The refusal to save or copy an object whose config lacks arguments of its constructor: the copy would have their
 * defaults. Python's Keras records such arguments, and refuses those that it cannot record.
 *
 * @module
 */

import type { Config, Saveable } from "./class-registry.js";
import { ownArguments, parameterAt } from "./constructor-source.js";
import { customName } from "./custom-objects.js";
import { ValueError } from "./errors.js";
import { fromKeras, madeFrom, toKeras } from "./keras-names.js";
import { checkMethod } from "./options.js";

/**
 * The arguments of custom classes' constructors that a config lacks, down to the class whose `getConfig` made it.
 *
 * @param isBuiltIn - Whether a class is one of the library's, whose configs are complete.
 */
export function missingArguments(object: object, config: Config, isBuiltIn: (made: object) => boolean): string[] {
  const known = new Set(Object.keys(config).map((key) => fromKeras(key)));
  for (let at = object; at !== null && !Object.hasOwn(at, "getConfig"); at = Object.getPrototypeOf(at) as object) {
    if (at === object) continue;
    if (isBuiltIn(at.constructor)) break;
    const missing = ownArguments(at.constructor, known);
    if (missing.length > 0) return missing;
  }
  return [];
}

/** Refuses an object whose class should override `getConfig`. @throws ValueError */
export function checkSavedArguments(object: Saveable, config: Config, isBuiltIn: (made: object) => boolean): void {
  const missing = missingArguments(object, config, isBuiltIn);
  if (missing.length === 0) return;
  const name = customName(object.constructor);
  const entries = missing.map((argument) => `${toKeras(argument)}: this.${argument}`).join(", ");
  throw new ValueError(
    "ERR_NOT_IMPLEMENTED",
    `${name}: the config lacks ${missing.map((argument) => `"${argument}"`).join(", ")} of the constructor, so a copy would have the default. Keep the value in a field, and override getConfig() { return { ...super.getConfig(), ${entries} }; }.`,
  );
}

/**
 * Refuses to pass a config's entries as one object of options to a custom constructor with a positional argument, which
 * would receive the object instead.
 *
 * @param placed - Arguments that are passed by position.
 * @throws ValueError
 */
export function checkPlaced(
  made: object,
  config: Config,
  placed: readonly string[],
  cure: (name: string) => string,
): void {
  const name = parameterAt(made, placed.length);
  if (name === undefined || !Object.keys(config).some((key) => fromKeras(key) === name)) return;
  throw new ValueError(
    "ERR_NOT_IMPLEMENTED",
    `${customName(made)}: fromConfig passes an object of options, and the constructor takes "${name}" by position. ${cure(name)}`,
  );
}

/** The options of a class whose `fromConfig` passes nothing by position. @throws ValueError as {@link checkPlaced} */
export function unplaced(made: object, options: Config): Config {
  checkPlaced(made, options, [], (name) => {
    return `Let it take { ${name} }, or override static fromConfig(config) { return new this(config.${toKeras(name)}); }.`;
  });
  return options;
}

/**
 * The object that `fromConfig` of a class returns, if its constructor takes options alone.
 *
 * @param count - Number of arguments of `fromConfig`.
 * @param dropsNull - Whether `null` stands for the default, as in Python.
 * @throws TypeError for anything but one plain object; ValueError as {@link checkPlaced}; the errors of the constructor
 */
export function madeOf<T>(
  made: new (options: never) => T,
  count: number,
  config: Config,
  { dropsNull = false }: { readonly dropsNull?: boolean } = {},
): T {
  checkMethod(made, "fromConfig", count, 1);
  return madeFrom(config, (options) => new made(unplaced(made, options) as never), { dropsNull });
}
