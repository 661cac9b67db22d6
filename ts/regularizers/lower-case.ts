/**
 * Regularizers under Keras's lower-case names; `l1l2` is TensorFlow.js's spelling.
 *
 * @module
 */

import { type WithoutNew, withoutNew } from "../without-new.js";
import { L1, L1L2, L2 } from "./norms.js";
import { OrthogonalRegularizer } from "./orthogonal-regularizer.js";

/**
 * {@link L1} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link L1}.
 */
export const l1: WithoutNew<typeof L1> = /* @__PURE__ */ withoutNew(L1);

/**
 * {@link L2} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link L2}.
 */
export const l2: WithoutNew<typeof L2> = /* @__PURE__ */ withoutNew(L2);

/**
 * {@link L1L2} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link L1L2}.
 */
export const l1L2: WithoutNew<typeof L1L2> = /* @__PURE__ */ withoutNew(L1L2);

/**
 * {@link L1L2} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link L1L2}.
 */
export const l1l2: WithoutNew<typeof L1L2> = /* @__PURE__ */ withoutNew(L1L2);

/**
 * {@link OrthogonalRegularizer} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link OrthogonalRegularizer}.
 */
export const orthogonalRegularizer: WithoutNew<typeof OrthogonalRegularizer> =
  /* @__PURE__ */ withoutNew(OrthogonalRegularizer);
