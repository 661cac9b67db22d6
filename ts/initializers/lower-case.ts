/**
 * Initializers under Keras's lower-case names.
 *
 * @module
 */

import { type WithoutNew, withoutNew } from "../without-new.js";
import { Constant, Identity, Ones, Zeros } from "./constants.js";
import { RandomNormal, RandomUniform, TruncatedNormal } from "./distributions.js";
import { Orthogonal } from "./orthogonal.js";
import {
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
} from "./variance-scaling.js";

/**
 * {@link Constant} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link Constant}.
 */
export const constant: WithoutNew<typeof Constant> = /* @__PURE__ */ withoutNew(Constant);

/**
 * {@link Identity} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link Identity}.
 */
export const identity: WithoutNew<typeof Identity> = /* @__PURE__ */ withoutNew(Identity);

/**
 * {@link Ones} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link Ones}.
 */
export const ones: WithoutNew<typeof Ones> = /* @__PURE__ */ withoutNew(Ones);

/**
 * {@link Zeros} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link Zeros}.
 */
export const zeros: WithoutNew<typeof Zeros> = /* @__PURE__ */ withoutNew(Zeros);

/**
 * {@link RandomNormal} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link RandomNormal}.
 */
export const randomNormal: WithoutNew<typeof RandomNormal> = /* @__PURE__ */ withoutNew(RandomNormal);

/**
 * {@link RandomUniform} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link RandomUniform}.
 */
export const randomUniform: WithoutNew<typeof RandomUniform> = /* @__PURE__ */ withoutNew(RandomUniform);

/**
 * {@link TruncatedNormal} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link TruncatedNormal}.
 */
export const truncatedNormal: WithoutNew<typeof TruncatedNormal> = /* @__PURE__ */ withoutNew(TruncatedNormal);

/**
 * {@link Orthogonal} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link Orthogonal}.
 */
export const orthogonal: WithoutNew<typeof Orthogonal> = /* @__PURE__ */ withoutNew(Orthogonal);

/**
 * {@link GlorotNormal} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link GlorotNormal}.
 */
export const glorotNormal: WithoutNew<typeof GlorotNormal> = /* @__PURE__ */ withoutNew(GlorotNormal);

/**
 * {@link GlorotUniform} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link GlorotUniform}.
 */
export const glorotUniform: WithoutNew<typeof GlorotUniform> = /* @__PURE__ */ withoutNew(GlorotUniform);

/**
 * {@link HeNormal} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link HeNormal}.
 */
export const heNormal: WithoutNew<typeof HeNormal> = /* @__PURE__ */ withoutNew(HeNormal);

/**
 * {@link HeUniform} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link HeUniform}.
 */
export const heUniform: WithoutNew<typeof HeUniform> = /* @__PURE__ */ withoutNew(HeUniform);

/**
 * {@link LecunNormal} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link LecunNormal}.
 */
export const lecunNormal: WithoutNew<typeof LecunNormal> = /* @__PURE__ */ withoutNew(LecunNormal);

/**
 * {@link LecunUniform} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link LecunUniform}.
 */
export const lecunUniform: WithoutNew<typeof LecunUniform> = /* @__PURE__ */ withoutNew(LecunUniform);

/**
 * {@link VarianceScaling} under Keras's lower-case name, with or without `new`.
 *
 * @returns A new {@link VarianceScaling}.
 */
export const varianceScaling: WithoutNew<typeof VarianceScaling> = /* @__PURE__ */ withoutNew(VarianceScaling);
