/**
 * Values and gradients of one function three ways: by gradstep's tape, by TensorFlow.js or jax-js, and by
 * differences of gradstep's own values.
 */

import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import * as jax from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { GradientTape, type Tensor, tensor } from "../../ts/index.js";
import type { Random } from "./random.js";

/** An input: numbers row by row, and their shape. */
export interface Input {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: readonly number[];
}

/** A value, and its gradients with respect to the inputs. */
export interface Result {
  readonly value: Float32Array;
  readonly gradients: readonly (Float32Array | null)[];
}

/** Value and gradients of a gradstep function at `inputs`, for the output gradient `dy`. */
export function ours(
  f: (...inputs: Tensor<"float32">[]) => Tensor,
  inputs: readonly Input[],
  dy: Float32Array,
): Result {
  const tensors = inputs.map(({ data, shape }) => tensor(data, shape));
  const tape = new GradientTape();
  const y = tape.run(() => {
    tape.watch(tensors);
    return f(...tensors);
  });
  const value = y.array();
  const gradients = tape.gradient(y, tensors, { outputGradients: tensor(dy, y.shape) });
  return { value: Float32Array.from(value), gradients: gradients.map((gradient) => gradient?.array() ?? null) };
}

/** The same by TensorFlow.js, on its plain JavaScript backend. */
export async function byTensorFlow(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly Input[],
  dy: Float32Array,
): Promise<Result> {
  await tf.setBackend("cpu");
  return tf.tidy(() => {
    const tensors = inputs.map(({ data, shape }) => tf.tensor(data, [...shape]));
    const shape = f(...tensors).shape;
    const { value, grads } = tf.valueAndGrads(f)(tensors, tf.tensor(dy, shape));
    return {
      value: Float32Array.from(value.dataSync()),
      gradients: grads.map((gradient) => Float32Array.from(gradient.dataSync())),
    };
  });
}

/** The same by jax-js. Its arrays are used up by what takes them: `x.ref` where one is used again. */
export async function byJax(
  f: (...inputs: jax.Array[]) => jax.Array,
  inputs: readonly Input[],
  dy: Float32Array<ArrayBuffer>,
): Promise<Result> {
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  const arrays = () => inputs.map(({ data, shape }) => jax.numpy.array(data).reshape([...shape]));
  const y = f(...arrays());
  const shape = y.shape;
  const value = Float32Array.from(await y.data());
  const weighted = (...xs: jax.Array[]) => jax.numpy.sum(f(...xs).mul(jax.numpy.array(dy).reshape(shape)));
  const argnums = inputs.map((_, i) => i);
  const gradients = jax.grad(weighted, { argnums })(...arrays()) as jax.Array[];
  return { value, gradients: await Promise.all(gradients.map(async (g) => Float32Array.from(await g.data()))) };
}

/** Gradients by central differences of float32 values: good to about 1e-2. */
export function byDifferences(
  f: (...inputs: Tensor<"float32">[]) => Tensor,
  inputs: readonly Input[],
  dy: Float32Array,
  step = 2 ** -7,
): Float32Array[] {
  const at = (changed: readonly Input[]) => {
    const y = Float32Array.from(f(...changed.map(({ data, shape }) => tensor(data, shape))).value);
    return y.reduce((sum, y, i) => sum + y * (dy[i] as number), 0);
  };
  return inputs.map((input, which) =>
    input.data.map((x, i) => {
      const moved = (by: number) =>
        at(inputs.map((other, j) => (j === which ? { ...input, data: input.data.with(i, x + by) } : other)));
      return (moved(step) - moved(-step)) / (2 * step);
    }),
  );
}

/** Each number within `tolerance` of the other, relative to it or to 1, whichever is larger. */
export function expectClose(
  got: ArrayLike<number> | null,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "",
): void {
  expect(got, what).not.toBeNull();
  const numbers = got as ArrayLike<number>;
  expect(numbers.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [numbers[i] as number, expected[i] as number];
    const error = Math.abs(a - b) / Math.max(1, Math.abs(b));
    expect(error, `${what}: element ${i} is ${a}, expected ${b}`).toBeLessThanOrEqual(tolerance);
  }
}

/** Value and all gradients within `tolerance`. */
export function expectSame(got: Result, expected: Result, tolerance: number, what = ""): void {
  expectClose(got.value, expected.value, tolerance, `${what} value`);
  expected.gradients.forEach((gradient, i) => {
    if (gradient !== null) expectClose(got.gradients[i] ?? null, gradient, tolerance, `${what} gradient ${i}`);
  });
}

/** Number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** An input of random numbers. */
export const randomInput = (random: Random, shape: readonly number[]): Input => ({
  data: random.values(sizeOf(shape)),
  shape,
});

/** Expects exactly TensorFlow.js's result from a function that only moves numbers. */
export async function expectTensorFlows(
  random: Random,
  shapes: readonly (readonly number[])[],
  mine: (...inputs: Tensor<"float32">[]) => Tensor<"float32">,
  theirs: (...inputs: tf.Tensor[]) => tf.Tensor,
): Promise<void> {
  const inputs = shapes.map((shape) => randomInput(random, shape));
  const y = mine(...inputs.map(({ data, shape }) => tensor(data, shape)));
  const dy = random.values(y.size);
  const expected = theirs(...inputs.map(({ data, shape }) => tf.tensor(data, [...shape])));
  expect(y.shape).toEqual(expected.shape);
  expectSame(ours(mine, inputs, dy), await byTensorFlow(theirs, inputs, dy), 0);
}
