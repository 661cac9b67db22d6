/**
 * Data format of images: channels are always last.
 *
 * @module
 */

import { ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { shown } from "../options.js";

/** @throws ValueError for anything but `"channels_last"` or nothing */
export function checkDataFormat(owner: string, dataFormat: unknown): void {
  if (dataFormat === undefined || dataFormat === null || dataFormat === "channels_last") return;
  throw new ValueError(
    "ERR_OPTION_RANGE",
    `${owner}: "${argumentName("dataFormat")}" can only be "channels_last", batch x height x width x channels, got ${shown(dataFormat)}. Transpose the data with ops.transpose.`,
  );
}
