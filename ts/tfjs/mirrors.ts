/**
 * Copies of TensorFlow.js's variables in gradstep's memory, which an optimizer trains.
 *
 * @module
 */

import { type Variable as TfVariable, tensor, tidy } from "@tensorflow/tfjs-core";
import { ArgumentTypeError } from "../errors.js";
import { Variable } from "../variable.js";

/** A variable of TensorFlow.js with its copy in gradstep's memory. */
export class Mirror {
  readonly copy: Variable;
  readonly #of: TfVariable;
  /** The data of the last synchronization: TensorFlow.js replaces a variable's data when it is assigned to. */
  #known: object;

  /** Copies a variable. @throws TypeError (`ERR_VALUES_DTYPE`) for one that is not of float32 */
  constructor(of: TfVariable) {
    if (of.dtype !== "float32") {
      throw new ArgumentTypeError(
        "ERR_VALUES_DTYPE",
        `tfjsOptimizer: variable "${of.name}" must be float32 to be trained, got ${of.dtype}.`,
      );
    }
    this.#of = of;
    this.copy = new Variable(of.dataSync<"float32">(), { shape: of.shape, name: of.name });
    this.#known = of.dataId;
  }

  /** Whether it is the copy of `variable`: after a variable is disposed of, another may have its name. */
  isOf(variable: TfVariable): boolean {
    return this.#of === variable;
  }

  /** Whether TensorFlow.js has freed the variable. */
  get isGone(): boolean {
    return this.#of.isDisposed;
  }

  /** Copies the variable if others assigned to it: `setWeights`, `loadWeights`, another optimizer. */
  read(): void {
    if (this.#known === this.#of.dataId) return;
    this.copy.assign(this.#of.dataSync<"float32">());
    this.#known = this.#of.dataId;
  }

  /** Writes the numbers of the copy to the variable. */
  write(): void {
    const { copy } = this;
    // A copy, because the backend "cpu" keeps the array that is passed.
    tidy(() => this.#of.assign(tensor(copy.array(), [...copy.shape], "float32")));
    this.#known = this.#of.dataId;
  }
}
