/**
 * Shared code of all convolutions: calls of the kernel, bias, relu and gradients.
 *
 * @module
 */

import { allocate } from "../autodiff/arena.js";
import { record } from "../autodiff/operation.js";
import type { Backward } from "../autodiff/record.js";
import { ArgumentTypeError, OutOfMemoryError, ValueError } from "../errors.js";
import { shown } from "../options.js";
import { memoryUse } from "../runtime/memory.js";
import { wasm } from "../runtime/module.js";
import type { Tensor } from "../tensor.js";
import { multiply } from "./arithmetic.js";
import { greater } from "./compare.js";
import { type FloatOperand, floatOperand, type TensorLike } from "./operand.js";
import { linear, total } from "./tangents.js";

/** Arguments of all convolutions: bias and activation, which are fused into the kernel. */
export interface ConvolutionEnd {
  /** Only `"channels_last"`. Default: null, which means the same. */
  readonly dataFormat?: "channels_last" | null | undefined;
  /** A number for each output channel. Default: none. */
  readonly bias?: TensorLike | null | undefined;
  /** Activation of the result. Default: `"linear"`, none. */
  readonly activation?: "relu" | "linear" | null | undefined;
}

type Three = readonly [number, number, number];
type Two = readonly [number, number];

/** Sizes of a convolution. A transposed convolution has those of the convolution whose input gradient it computes. */
export interface Geometry {
  readonly batch: number;
  /** Height, width, channels. */
  readonly input: Three;
  readonly kernel: Two;
  readonly output: Three;
  readonly strides: Two;
  /** Zeros above and to the left. */
  readonly before: Two;
  readonly dilation: Two;
}

/** The kernel's passes: result, gradient of the input, gradient of the kernel. */
const PASSES = { plain: [0, 1, 2], transposed: [1, 0, 2], depthwise: [3, 4, 5] } as const;

/** Runs and records a convolution whose shapes have been checked. */
export function convolve(
  owner: string,
  kind: keyof typeof PASSES,
  a: FloatOperand,
  w: FloatOperand,
  geometry: Geometry,
  shape: readonly number[],
  { bias, activation }: ConvolutionEnd,
): Tensor<"float32"> {
  const relu = isRelu(owner, activation);
  const channels = shape.at(-1) as number;
  const b = bias === null || bias === undefined ? undefined : checkedBias(owner, bias, channels);
  const y = allocate(shape);
  const [result, ofInput, ofKernel] = PASSES[kind];
  const run = (pass: number, input: number, kernel: number, output: number, bias = 0, relu = false) => {
    if (kind === "transposed") call(pass, geometry, output, kernel, input, bias, relu);
    else call(pass, geometry, input, kernel, output, bias, relu);
  };
  if (kind === "depthwise") {
    run(result, a.address, w.address, y.address);
    finish(y, channels, b, relu);
  } else {
    run(result, a.address, w.address, y.address, b?.address, relu);
  }
  const backward: Backward = (dy, into) => {
    const dz = relu ? gated(y, dy) : dy;
    if (b !== undefined) into.write(2, (out) => wasm().column_sums(dz.address, y.size / channels, channels, out));
    into.write(1, (out) => run(ofKernel, a.address, out, dz.address));
    into.write(0, (out) => run(ofInput, out, w.address, dz.address));
  };
  return record(owner, b === undefined ? [a, w] : [a, w, b], y, backward, ([da, dw, db]) => {
    const again = (a: FloatOperand, w: FloatOperand) => convolve(owner, kind, a, w, geometry, shape, {});
    const [left, right] = [linear(da, (t) => again(t, w)), linear(dw, (t) => again(a, t))];
    const sum = total(shape, left, right, db);
    return relu ? linear(sum, (t) => multiply(t, greater(y, 0))) : sum;
  });
}

function call(pass: number, g: Geometry, x: number, kernel: number, y: number, bias: number, relu: boolean): void {
  const sizes = [g.batch, ...g.input, ...g.kernel, ...g.output, ...g.strides, ...g.before, ...g.dilation] as const;
  const { convolution } = wasm();
  // The core counts in 32 bits: a border of zeros this wide exceeds any memory.
  const widest = Math.max(...sizes);
  if (widest >= 2 ** 31) throw new OutOfMemoryError(widest * 4, memoryUse().inUse);
  // Without working memory the kernel only returns how much it needs.
  const length = convolution(pass, ...sizes, 0, 0, 0, 0, 0, 0) >>> 0;
  const work = allocate([Math.max(1, length)]);
  convolution(pass, ...sizes, x, kernel, y, bias, relu ? 1 : 0, work.address);
  work.dispose();
}

function finish(y: Tensor, channels: number, bias: FloatOperand | undefined, relu: boolean): void {
  if (bias === undefined && !relu) return;
  const added = bias ?? allocate([channels]);
  if (bias === undefined) wasm().fill_values(added.address, channels, 0);
  wasm().add_bias(y.address, y.size / channels, channels, added.address, relu ? 1 : 0);
}

function gated(y: Tensor, dy: Tensor): Tensor<"float32"> {
  const dz = allocate(y.shape);
  wasm().relu_gate(y.address, dy.address, y.size, dz.address);
  return dz;
}

/** Whether an activation is relu. All others except none are refused. @internal */
export function isRelu(owner: string, activation: unknown): boolean {
  if (activation === undefined || activation === null || activation === "linear") return false;
  if (activation === "relu") return true;
  const message = `${owner}: "activation" must be "relu" or "linear", got ${shown(activation)}. Apply others to the result.`;
  if (typeof activation === "string") throw new ValueError("ERR_OPTION_RANGE", message);
  throw new ArgumentTypeError("ERR_OPTION_TYPE", message);
}

function checkedBias(owner: string, bias: TensorLike, channels: number): FloatOperand {
  const b = floatOperand(owner, bias);
  if (b.shape.length === 1 && b.size === channels) return b;
  throw new ValueError(
    "ERR_SHAPE",
    `${owner}: expected a bias of [${channels}], one number for each output channel, got [${b.shape.join(", ")}].`,
  );
}
