/**
 * Constraints under Keras's lower-case names.
 *
 * @module
 */

import { type WithoutNew, withoutNew } from "../without-new.js";
import { MaxNorm, MinMaxNorm, NonNeg, UnitNorm } from "./norms.js";

/**
 * {@link MaxNorm} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link MaxNorm}.
 */
export const maxNorm: WithoutNew<typeof MaxNorm> = /* @__PURE__ */ withoutNew(MaxNorm);

/**
 * {@link MinMaxNorm} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link MinMaxNorm}.
 */
export const minMaxNorm: WithoutNew<typeof MinMaxNorm> = /* @__PURE__ */ withoutNew(MinMaxNorm);

/**
 * {@link NonNeg} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link NonNeg}.
 */
export const nonNeg: WithoutNew<typeof NonNeg> = /* @__PURE__ */ withoutNew(NonNeg);

/**
 * {@link UnitNorm} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link UnitNorm}.
 */
export const unitNorm: WithoutNew<typeof UnitNorm> = /* @__PURE__ */ withoutNew(UnitNorm);
