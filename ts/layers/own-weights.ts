/**
 * The weights of one layer's own, and what is added to the loss for them.
 *
 * @module
 */

import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { type AnyRegularizer, makeWeight, type Penalty, type WeightOptions } from "./weight-options.js";

/** A weight of a layer's own. */
interface OwnWeight {
  readonly variable: Variable;
  readonly penalty: Penalty | null;
  readonly regularizer: AnyRegularizer | null;
  /** It was made to be left alone by training, whatever the layer is. */
  readonly isFixed: boolean;
}

/** Weights in the order in which they were made. */
export class OwnWeights {
  readonly #entries: OwnWeight[] = [];
  /** Those of a build that failed; a field may still hold them. */
  readonly #removed = new WeakSet<Variable>();

  /** Their number. */
  get length(): number {
    return this.#entries.length;
  }

  /** In Keras's order: those that can be trained, then the others. */
  get variables(): Variable[] {
    const variables: Variable[] = [];
    for (const { variable, isFixed } of this.#entries) if (!isFixed) variables.push(variable);
    for (const { variable, isFixed } of this.#entries) if (isFixed) variables.push(variable);
    return variables;
  }

  /** Makes one. @throws as its parts do */
  add(layerName: string, options: WeightOptions, isLayerTrainable: boolean): Variable {
    const { variable, penalty, regularizer } = makeWeight(layerName, options, () => this.#freeName(layerName));
    if (!isLayerTrainable) variable.trainable = false;
    this.#entries.push({ variable, penalty, regularizer, isFixed: options.trainable === false });
    return variable;
  }

  /** The name of a weight without one: files need unlike names, the same for each layer of a class. */
  #freeName(layerName: string): string {
    let name = "variable";
    const isTaken = () => this.#entries.some(({ variable }) => variable.name === `${layerName}/${name}`);
    for (let i = 1; isTaken(); i++) name = `variable_${i}`;
    return name;
  }

  /** Sets whether training changes them, as far as they were made for it. */
  setTrainable(trainable: boolean): void {
    for (const { variable, isFixed } of this.#entries) if (!isFixed) variable.trainable = trainable;
  }

  /** The penalties of those that are trained. */
  penalties(): Tensor<"float32">[] {
    const penalties: Tensor<"float32">[] = [];
    for (const { variable, penalty } of this.#entries) {
      if (penalty !== null && variable.trainable) penalties.push(penalty(variable));
    }
    return penalties;
  }

  /** The regularizers that penalties come from. */
  get regularizers(): AnyRegularizer[] {
    return this.#entries.flatMap(({ regularizer }) => regularizer ?? []);
  }

  /** Removes all from `length` on, and frees them. */
  shorten(length: number): void {
    for (const { variable } of this.#entries.splice(length)) {
      this.#removed.add(variable);
      variable.dispose();
    }
  }

  /** Whether {@link shorten} removed it. */
  removed(variable: Variable): boolean {
    return this.#removed.has(variable);
  }
}
