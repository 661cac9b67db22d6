/**
 * The frequency with which callbacks write files.
 *
 * @module
 */

import { integer } from "../../options.js";

/** The option "saveFreq". @throws ValueError, TypeError for anything but `"epoch"` and a number of batches */
export function saveFrequency(owner: string, given: "epoch" | number | undefined): "epoch" | number {
  const frequency = given ?? "epoch";
  return frequency === "epoch" ? frequency : integer(owner, "saveFreq", frequency, 1);
}
