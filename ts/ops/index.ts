/**
 * Operations with gradients: `import { ops } from "gradstep"`.
 *
 * Comments and options are those of the wrapped functions. In a functional model they also take symbolic tensors.
 *
 * @module
 */

import * as activations from "./activations.js";
import * as arithmetic from "./arithmetic.js";
import * as compare from "./compare.js";
import * as concatenateOps from "./concatenate.js";
import * as control from "./control.js";
import * as convolutionOps from "./convolution.js";
import * as creation from "./creation.js";
import * as crossEntropy from "./cross-entropy.js";
import * as denseOps from "./dense.js";
import * as indexing from "./indexing.js";
import * as math from "./math.js";
import * as normalization from "./normalization.js";
import * as pooling from "./pooling.js";
import * as powerOps from "./power.js";
import * as products from "./products.js";
import * as reduce from "./reduce.js";
import * as repeat from "./repeat.js";
import * as reshapeOps from "./reshape.js";
import * as slices from "./slice.js";
import * as softmaxOps from "./softmax.js";
import * as statistics from "./statistics.js";
import { type Operation, symbolic } from "./symbolic.js";
import * as transposeOps from "./transpose.js";

export { keep } from "../autodiff/arena.js";
export type { EluOptions, GeluOptions, LeakyReluOptions, ReluOptions } from "./activations.js";
export type { Conv1dOptions, Conv2dOptions, Conv2dTransposeOptions, ConvolutionArguments } from "./convolution.js";
export type { ConvolutionEnd } from "./convolve.js";
export {
  type ArangeOptions,
  arange,
  type DTypeOptions,
  type EyeOptions,
  eye,
  full,
  type LinspaceOptions,
  linspace,
  ones,
  zeros,
} from "./creation.js";
export type { BinaryCrossentropyOptions, CrossentropyOptions } from "./cross-entropy.js";
export { customGradient, type ValueAndGradient } from "./custom-gradient.js";
export type { DenseOptions } from "./dense.js";
export { type DropoutOptions, dropout } from "./dropout.js";
export type { OneHotOptions, TakeOptions, TopKOptions } from "./indexing.js";
export type { RoundOptions } from "./math.js";
export type { BatchNormalizationOptions, BatchNormalized, LayerNormalizationOptions } from "./normalization.js";
export type { AxesOptions, AxisOptions, FloatOperand, TensorLike } from "./operand.js";
export type { Pool2dArguments, Pool2dOptions } from "./pooling.js";
export type { MatmulOptions } from "./products.js";
export type { ArgReduceOptions } from "./reduce.js";
export type { ReduceArguments, ReduceOptions } from "./reduction.js";
export type { SqueezeOptions } from "./reshape.js";
export type { PadOptions } from "./slice.js";
export type { TransposeOptions } from "./transpose.js";
export type { Padding, Pair } from "./windows.js";

export const elu: Operation<typeof activations.elu> = /* @__PURE__ */ symbolic("elu", activations.elu);
export const gelu: Operation<typeof activations.gelu> = /* @__PURE__ */ symbolic("gelu", activations.gelu);
export const hardSigmoid: Operation<typeof activations.hardSigmoid> = /* @__PURE__ */ symbolic(
  "hardSigmoid",
  activations.hardSigmoid,
);
export const hardSilu: Operation<typeof activations.hardSilu> = /* @__PURE__ */ symbolic(
  "hardSilu",
  activations.hardSilu,
);
export const leakyRelu: Operation<typeof activations.leakyRelu> = /* @__PURE__ */ symbolic(
  "leakyRelu",
  activations.leakyRelu,
);
export const mish: Operation<typeof activations.mish> = /* @__PURE__ */ symbolic("mish", activations.mish);
export const relu: Operation<typeof activations.relu> = /* @__PURE__ */ symbolic("relu", activations.relu);
export const relu6: Operation<typeof activations.relu6> = /* @__PURE__ */ symbolic("relu6", activations.relu6);
export const selu: Operation<typeof activations.selu> = /* @__PURE__ */ symbolic("selu", activations.selu);
export const sigmoid: Operation<typeof activations.sigmoid> = /* @__PURE__ */ symbolic("sigmoid", activations.sigmoid);
export const silu: Operation<typeof activations.silu> = /* @__PURE__ */ symbolic("silu", activations.silu);
export const softplus: Operation<typeof activations.softplus> = /* @__PURE__ */ symbolic(
  "softplus",
  activations.softplus,
);
export const softsign: Operation<typeof activations.softsign> = /* @__PURE__ */ symbolic(
  "softsign",
  activations.softsign,
);
export const tanh: Operation<typeof activations.tanh> = /* @__PURE__ */ symbolic("tanh", activations.tanh);
export const add: Operation<typeof arithmetic.add> = /* @__PURE__ */ symbolic("add", arithmetic.add);
export const divide: Operation<typeof arithmetic.divide> = /* @__PURE__ */ symbolic("divide", arithmetic.divide);
export const maximum: Operation<typeof arithmetic.maximum> = /* @__PURE__ */ symbolic("maximum", arithmetic.maximum);
export const minimum: Operation<typeof arithmetic.minimum> = /* @__PURE__ */ symbolic("minimum", arithmetic.minimum);
export const multiply: Operation<typeof arithmetic.multiply> = /* @__PURE__ */ symbolic(
  "multiply",
  arithmetic.multiply,
);
export const subtract: Operation<typeof arithmetic.subtract> = /* @__PURE__ */ symbolic(
  "subtract",
  arithmetic.subtract,
);
export const equal: Operation<typeof compare.equal> = /* @__PURE__ */ symbolic("equal", compare.equal);
export const greater: Operation<typeof compare.greater> = /* @__PURE__ */ symbolic("greater", compare.greater);
export const greaterEqual: Operation<typeof compare.greaterEqual> = /* @__PURE__ */ symbolic(
  "greaterEqual",
  compare.greaterEqual,
);
export const isnan: Operation<typeof compare.isnan> = /* @__PURE__ */ symbolic("isnan", compare.isnan);
export const less: Operation<typeof compare.less> = /* @__PURE__ */ symbolic("less", compare.less);
export const lessEqual: Operation<typeof compare.lessEqual> = /* @__PURE__ */ symbolic("lessEqual", compare.lessEqual);
export const logicalAnd: Operation<typeof compare.logicalAnd> = /* @__PURE__ */ symbolic(
  "logicalAnd",
  compare.logicalAnd,
);
export const logicalNot: Operation<typeof compare.logicalNot> = /* @__PURE__ */ symbolic(
  "logicalNot",
  compare.logicalNot,
);
export const logicalOr: Operation<typeof compare.logicalOr> = /* @__PURE__ */ symbolic("logicalOr", compare.logicalOr);
export const notEqual: Operation<typeof compare.notEqual> = /* @__PURE__ */ symbolic("notEqual", compare.notEqual);
export const where: Operation<typeof compare.where> = /* @__PURE__ */ symbolic("where", compare.where);
export const concatenate: Operation<typeof concatenateOps.concatenate> = /* @__PURE__ */ symbolic(
  "concatenate",
  concatenateOps.concatenate,
);
export const split: Operation<typeof concatenateOps.split> = /* @__PURE__ */ symbolic("split", concatenateOps.split);
export const stack: Operation<typeof concatenateOps.stack> = /* @__PURE__ */ symbolic("stack", concatenateOps.stack);
export const cast: Operation<typeof control.cast> = /* @__PURE__ */ symbolic("cast", control.cast);
export const stopGradient: Operation<typeof control.stopGradient> = /* @__PURE__ */ symbolic(
  "stopGradient",
  control.stopGradient,
);
export const conv1d: Operation<typeof convolutionOps.conv1d> = /* @__PURE__ */ symbolic(
  "conv1d",
  convolutionOps.conv1d,
);
export const conv2d: Operation<typeof convolutionOps.conv2d> = /* @__PURE__ */ symbolic(
  "conv2d",
  convolutionOps.conv2d,
);
export const conv2dTranspose: Operation<typeof convolutionOps.conv2dTranspose> = /* @__PURE__ */ symbolic(
  "conv2dTranspose",
  convolutionOps.conv2dTranspose,
);
export const depthwiseConv2d: Operation<typeof convolutionOps.depthwiseConv2d> = /* @__PURE__ */ symbolic(
  "depthwiseConv2d",
  convolutionOps.depthwiseConv2d,
);
export const fullLike: Operation<typeof creation.fullLike> = /* @__PURE__ */ symbolic("fullLike", creation.fullLike);
export const onesLike: Operation<typeof creation.onesLike> = /* @__PURE__ */ symbolic("onesLike", creation.onesLike);
export const shape: Operation<typeof creation.shape> = /* @__PURE__ */ symbolic("shape", creation.shape);
export const zerosLike: Operation<typeof creation.zerosLike> = /* @__PURE__ */ symbolic(
  "zerosLike",
  creation.zerosLike,
);
export const binaryCrossentropy: Operation<typeof crossEntropy.binaryCrossentropy> = /* @__PURE__ */ symbolic(
  "binaryCrossentropy",
  crossEntropy.binaryCrossentropy,
);
export const categoricalCrossentropy: Operation<typeof crossEntropy.categoricalCrossentropy> = /* @__PURE__ */ symbolic(
  "categoricalCrossentropy",
  crossEntropy.categoricalCrossentropy,
);
export const sigmoidCrossEntropy: Operation<typeof crossEntropy.sigmoidCrossEntropy> = /* @__PURE__ */ symbolic(
  "sigmoidCrossEntropy",
  crossEntropy.sigmoidCrossEntropy,
);
export const softmaxCrossEntropy: Operation<typeof crossEntropy.softmaxCrossEntropy> = /* @__PURE__ */ symbolic(
  "softmaxCrossEntropy",
  crossEntropy.softmaxCrossEntropy,
);
export const sparseCategoricalCrossentropy: Operation<typeof crossEntropy.sparseCategoricalCrossentropy> =
  /* @__PURE__ */ symbolic("sparseCategoricalCrossentropy", crossEntropy.sparseCategoricalCrossentropy);
export const sparseSoftmaxCrossEntropy: Operation<typeof crossEntropy.sparseSoftmaxCrossEntropy> =
  /* @__PURE__ */ symbolic("sparseSoftmaxCrossEntropy", crossEntropy.sparseSoftmaxCrossEntropy);
export const dense: Operation<typeof denseOps.dense> = /* @__PURE__ */ symbolic("dense", denseOps.dense);
export const inTopK: Operation<typeof indexing.inTopK> = /* @__PURE__ */ symbolic("inTopK", indexing.inTopK);
export const oneHot: Operation<typeof indexing.oneHot> = /* @__PURE__ */ symbolic("oneHot", indexing.oneHot);
export const take: Operation<typeof indexing.take> = /* @__PURE__ */ symbolic("take", indexing.take);
export const topK: Operation<typeof indexing.topK> = /* @__PURE__ */ symbolic("topK", indexing.topK);
export const abs: Operation<typeof math.abs> = /* @__PURE__ */ symbolic("abs", math.abs);
export const clip: Operation<typeof math.clip> = /* @__PURE__ */ symbolic("clip", math.clip);
export const cos: Operation<typeof math.cos> = /* @__PURE__ */ symbolic("cos", math.cos);
export const erf: Operation<typeof math.erf> = /* @__PURE__ */ symbolic("erf", math.erf);
export const exp: Operation<typeof math.exp> = /* @__PURE__ */ symbolic("exp", math.exp);
export const floor: Operation<typeof math.floor> = /* @__PURE__ */ symbolic("floor", math.floor);
export const log: Operation<typeof math.log> = /* @__PURE__ */ symbolic("log", math.log);
export const log1p: Operation<typeof math.log1p> = /* @__PURE__ */ symbolic("log1p", math.log1p);
export const negative: Operation<typeof math.negative> = /* @__PURE__ */ symbolic("negative", math.negative);
export const reciprocal: Operation<typeof math.reciprocal> = /* @__PURE__ */ symbolic("reciprocal", math.reciprocal);
export const round: Operation<typeof math.round> = /* @__PURE__ */ symbolic("round", math.round);
export const rsqrt: Operation<typeof math.rsqrt> = /* @__PURE__ */ symbolic("rsqrt", math.rsqrt);
export const sign: Operation<typeof math.sign> = /* @__PURE__ */ symbolic("sign", math.sign);
export const sin: Operation<typeof math.sin> = /* @__PURE__ */ symbolic("sin", math.sin);
export const sqrt: Operation<typeof math.sqrt> = /* @__PURE__ */ symbolic("sqrt", math.sqrt);
export const square: Operation<typeof math.square> = /* @__PURE__ */ symbolic("square", math.square);
export const batchNormalization: Operation<typeof normalization.batchNormalization> = /* @__PURE__ */ symbolic(
  "batchNormalization",
  normalization.batchNormalization,
);
export const layerNormalization: Operation<typeof normalization.layerNormalization> = /* @__PURE__ */ symbolic(
  "layerNormalization",
  normalization.layerNormalization,
);
export const averagePool2d: Operation<typeof pooling.averagePool2d> = /* @__PURE__ */ symbolic(
  "averagePool2d",
  pooling.averagePool2d,
);
export const maxPool2d: Operation<typeof pooling.maxPool2d> = /* @__PURE__ */ symbolic("maxPool2d", pooling.maxPool2d);
export const power: Operation<typeof powerOps.power> = /* @__PURE__ */ symbolic("power", powerOps.power);
export const matmul: Operation<typeof products.matmul> = /* @__PURE__ */ symbolic("matmul", products.matmul);
export const argmax: Operation<typeof reduce.argmax> = /* @__PURE__ */ symbolic("argmax", reduce.argmax);
export const argmin: Operation<typeof reduce.argmin> = /* @__PURE__ */ symbolic("argmin", reduce.argmin);
export const max: Operation<typeof reduce.max> = /* @__PURE__ */ symbolic("max", reduce.max);
export const mean: Operation<typeof reduce.mean> = /* @__PURE__ */ symbolic("mean", reduce.mean);
export const min: Operation<typeof reduce.min> = /* @__PURE__ */ symbolic("min", reduce.min);
export const prod: Operation<typeof reduce.prod> = /* @__PURE__ */ symbolic("prod", reduce.prod);
export const sum: Operation<typeof reduce.sum> = /* @__PURE__ */ symbolic("sum", reduce.sum);
export const broadcastTo: Operation<typeof repeat.broadcastTo> = /* @__PURE__ */ symbolic(
  "broadcastTo",
  repeat.broadcastTo,
);
export const tile: Operation<typeof repeat.tile> = /* @__PURE__ */ symbolic("tile", repeat.tile);
export const expandDims: Operation<typeof reshapeOps.expandDims> = /* @__PURE__ */ symbolic(
  "expandDims",
  reshapeOps.expandDims,
);
export const reshape: Operation<typeof reshapeOps.reshape> = /* @__PURE__ */ symbolic("reshape", reshapeOps.reshape);
export const squeeze: Operation<typeof reshapeOps.squeeze> = /* @__PURE__ */ symbolic("squeeze", reshapeOps.squeeze);
export const pad: Operation<typeof slices.pad> = /* @__PURE__ */ symbolic("pad", slices.pad);
export const slice: Operation<typeof slices.slice> = /* @__PURE__ */ symbolic("slice", slices.slice);
export const logSoftmax: Operation<typeof softmaxOps.logSoftmax> = /* @__PURE__ */ symbolic(
  "logSoftmax",
  softmaxOps.logSoftmax,
);
export const softmax: Operation<typeof softmaxOps.softmax> = /* @__PURE__ */ symbolic("softmax", softmaxOps.softmax);
export const logsumexp: Operation<typeof statistics.logsumexp> = /* @__PURE__ */ symbolic(
  "logsumexp",
  statistics.logsumexp,
);
export const std: Operation<typeof statistics.std> = /* @__PURE__ */ symbolic("std", statistics.std);
export const variance: Operation<typeof statistics.variance> = /* @__PURE__ */ symbolic(
  "variance",
  statistics.variance,
);
export const transpose: Operation<typeof transposeOps.transpose> = /* @__PURE__ */ symbolic(
  "transpose",
  transposeOps.transpose,
);

export {
  averagePool2d as avgPool2d,
  concatenate as concat,
  conv2d as conv,
  divide as div,
  multiply as mul,
  negative as neg,
  power as pow,
  subtract as sub,
};
