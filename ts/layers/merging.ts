/**
 * Layers that combine their inputs element by element.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { add, divide, maximum, minimum, multiply, subtract } from "../ops/index.js";
import { checkCount } from "../options.js";
import type { Tensor } from "../tensor.js";
import { MergeLayer } from "./merge-layer.js";
import type { LayerOptions } from "./options.js";

/**
 * The sum of its inputs.
 *
 * @throws ValueError, TypeError
 * @example
 * ```ts
 * import { layers } from "gradstep";
 *
 * console.log(new layers.Add().apply([[[1, 2]], [[10, 20]]]).array()); // Float32Array [11, 22]
 * ```
 */
export class Add extends MergeLayer {
  static override readonly className: string = "Add";
  /** @internal */
  static override readonly builtIn = true;

  constructor(options: LayerOptions = {}) {
    checkCount("Add", arguments.length, 1);
    super(options);
  }

  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return add(a, b);
  }
}

/**
 * The first input minus the second.
 *
 * @throws ValueError, TypeError
 */
export class Subtract extends MergeLayer {
  static override readonly className = "Subtract";
  /** @internal */
  static override readonly builtIn = true;

  constructor(options: LayerOptions = {}) {
    checkCount("Subtract", arguments.length, 1);
    super(options, 2);
  }

  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return subtract(a, b);
  }
}

/**
 * The product of its inputs.
 *
 * @throws ValueError, TypeError
 */
export class Multiply extends MergeLayer {
  static override readonly className = "Multiply";
  /** @internal */
  static override readonly builtIn = true;

  constructor(options: LayerOptions = {}) {
    checkCount("Multiply", arguments.length, 1);
    super(options);
  }

  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return multiply(a, b);
  }
}

/** The mean of its inputs. */
export class Average extends Add {
  static override readonly className = "Average";
  /** @internal */
  static override readonly builtIn = true;

  constructor(options: LayerOptions = {}) {
    checkCount("Average", arguments.length, 1);
    super(options);
  }

  override call(inputs: readonly Operand[]): Tensor<"float32"> {
    return divide(super.call(inputs), inputs.length);
  }
}

/**
 * The largest of its inputs.
 *
 * @throws ValueError, TypeError
 */
export class Maximum extends MergeLayer {
  static override readonly className = "Maximum";
  /** @internal */
  static override readonly builtIn = true;

  constructor(options: LayerOptions = {}) {
    checkCount("Maximum", arguments.length, 1);
    super(options);
  }

  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return maximum(a, b);
  }
}

/**
 * The smallest of its inputs.
 *
 * @throws ValueError, TypeError
 */
export class Minimum extends MergeLayer {
  static override readonly className = "Minimum";
  /** @internal */
  static override readonly builtIn = true;

  constructor(options: LayerOptions = {}) {
    checkCount("Minimum", arguments.length, 1);
    super(options);
  }

  protected override merge(a: Operand, b: Operand): Tensor<"float32"> {
    return minimum(a, b);
  }
}
