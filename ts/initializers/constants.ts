/**
 * Initializers without chance: one value, or the identity matrix.
 *
 * @module
 */

import type { Config } from "../class-registry.js";
import { ValueError } from "../errors.js";
import { finiteNumber } from "../options.js";
import { type Shape, sizeOf } from "../shape.js";
import { type Tensor, tensor } from "../tensor.js";
import { Initializer } from "./initializer.js";

/** All zeros. */
export class Zeros extends Initializer {
  static override readonly className = "Zeros";

  call(shape: Shape): Tensor<"float32"> {
    return filled(shape, 0);
  }
}

/** All ones. */
export class Ones extends Initializer {
  static override readonly className = "Ones";

  call(shape: Shape): Tensor<"float32"> {
    return filled(shape, 1);
  }
}

/** One value everywhere. */
export class Constant extends Initializer {
  static override readonly className = "Constant";
  readonly value: number;

  /** @param value - Default: 0. */
  constructor(value = 0) {
    super();
    this.value = finiteNumber("Constant", "value", value);
  }

  call(shape: Shape): Tensor<"float32"> {
    return filled(shape, this.value);
  }

  override getConfig(): Config {
    return { value: this.value };
  }

  static override fromConfig<T extends Initializer>(this: new (value: never) => T, config: Config): T {
    return new this((config.value ?? undefined) as never);
  }
}

/** The identity matrix, times `gain`. The matrix need not be square. */
export class Identity extends Initializer {
  static override readonly className = "Identity";
  readonly gain: number;

  /** @param gain - Default: 1. */
  constructor(gain = 1) {
    super();
    this.gain = finiteNumber("Identity", "gain", gain);
  }

  /** @throws ValueError unless the shape has two axes */
  call(shape: Shape): Tensor<"float32"> {
    if (shape.length !== 2) {
      throw new ValueError(
        "ERR_SHAPE",
        `Identity makes matrices, of a shape with two axes, got [${shape.join(", ")}].`,
      );
    }
    const [rows, columns] = shape as readonly [number, number];
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = this.gain;
    return tensor(values, shape);
  }

  override getConfig(): Config {
    return { gain: this.gain };
  }

  static override fromConfig<T extends Initializer>(this: new (gain: never) => T, config: Config): T {
    return new this((config.gain ?? undefined) as never);
  }
}

function filled(shape: Shape, value: number): Tensor<"float32"> {
  return tensor(new Float32Array(sizeOf(shape)).fill(value), shape);
}
