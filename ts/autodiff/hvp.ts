/**
 * Products of Hessians and vectors.
 *
 * @module
 */

import { checkCount, isList } from "../options.js";
import type { Tensor } from "../tensor.js";
import type { Values } from "../values.js";
import type { Operand } from "./arena.js";
import { directionsOf } from "./directions.js";
import { GradientTape } from "./gradient-tape.js";

/**
 * Multiplies the Hessian of a function, its matrix of second derivatives, by vectors, without creating the matrix: two
 * backward passes instead of one for each element.
 *
 * @param f - A synchronous function that computes a float32 tensor from the variables; several elements are summed.
 * @param variables - A variable or float32 tensor, or a list of them.
 * @param vectors - Numbers in the shape of each variable; a list if `variables` is a list.
 * @returns A product in the shape of each variable, zeros if the function does not depend on it; a list if `variables`
 *   is a list.
 * @throws TypeError (`ERR_TAPE`, `ERR_OPTION_TYPE`, `ERR_OTHER_COPY`) for anything but a synchronous function that
 * returns a tensor, and float32 tensors and variables; errors of `f`
 * @throws ValueError (`ERR_SHAPE`, `ERR_TAPE`) for vectors of another shape, or of another number
 * @throws TypeError, ValueError (`ERR_VALUES_DTYPE`, `ERR_VALUES_SHAPE`, `ERR_VALUES_DETACHED`) for anything but
 * numbers; DisposedError (`ERR_DISPOSED`, `ERR_STEP_ENDED`) for a freed tensor
 * @see [Pearlmutter 1994](https://doi.org/10.1162/neco.1994.6.1.147)
 * @example
 * ```ts
 * import { hvp, ops, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const product = hvp(() => ops.sum(ops.power(w, 3)), w, [1, 1]);
 * console.log(product.array()); // Float32Array [6, 12]
 * ```
 */
export function hvp(f: () => Tensor, variables: Operand, vectors: Operand | Values): Tensor<"float32">;
export function hvp(
  f: () => Tensor,
  variables: readonly Operand[],
  vectors: readonly (Operand | Values)[],
): Tensor<"float32">[];
export function hvp(
  f: () => Tensor,
  variables: Operand | readonly Operand[],
  vectors: Operand | Values | readonly (Operand | Values)[],
): Tensor<"float32"> | Tensor<"float32">[] {
  checkCount("hvp", arguments.length, 3);
  const words = { operands: "variables", directions: "vectors" };
  const { operands: sources, directions } = directionsOf("hvp", words, variables, vectors);
  const outputGradients = directions.length === 1 ? directions[0] : directions;
  const unconnectedGradients = "zero";
  const outer = new GradientTape();
  try {
    outer.watch(sources);
    const gradients = outer.run(() => {
      const inner = new GradientTape();
      inner.watch(sources);
      return inner.gradient(inner.run(f), sources, { unconnectedGradients });
    });
    const found = outer.gradient(gradients as Tensor[], sources, { outputGradients, unconnectedGradients });
    return (isList(variables) ? found : found[0]) as Tensor<"float32"> | Tensor<"float32">[];
  } finally {
    outer.dispose();
  }
}
