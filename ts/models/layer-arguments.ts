/**
 * Checks that layers are passed as layers: in a list, and made with `new`.
 *
 * @module
 */

import { isA } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";
import { Layer } from "../layers/layer.js";
import { checkCount, isList, list, shown } from "../options.js";

/** The list of layers passed to `Sequential`. @throws TypeError for anything else, such as layers one by one */
export function layerList<T>(layers: readonly T[], options: unknown, count: number): readonly T[] {
  const isLoose = !isList(layers) || isA(options, Layer);
  if (!isLoose) {
    checkCount("Sequential", count, 2);
    return list("Sequential", "layers", layers);
  }
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `Sequential takes a list of layers, such as new Sequential([first, second]), got ${shown(isList(layers) ? options : layers)}${count > 1 ? " and more" : ""}.`,
  );
}

/** Throws the error for anything but a layer. @throws TypeError */
export function refuseLayer(owner: string, given: unknown): never {
  const isClass = typeof given === "function" && isA(given.prototype, Layer);
  const name = isClass ? ((given as { readonly className?: string }).className ?? given.name) : undefined;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: add takes a layer, got ${name === undefined ? shown(given) : `the class ${name}: make a layer with new ${name}(...)`}.`,
  );
}
