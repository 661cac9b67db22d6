/**
 * The weights of one layer, without its sublayers, and their penalties.
 *
 * @module
 */

import type { Tensor } from "../tensor.js";
import type { Variable } from "../variable.js";
import { type AnyRegularizer, makeWeight, type Penalty, type WeightOptions } from "./weight-options.js";

/** A weight of a layer. */
interface OwnWeight {
  readonly variable: Variable;
  readonly penalty: Penalty | null;
  readonly regularizer: AnyRegularizer | null;
  /** It was created as not trainable, regardless of the layer. */
  readonly isFixed: boolean;
}

/** Weights in the order of their creation. */
export class OwnWeights {
  readonly #entries: OwnWeight[] = [];
  /** Weights of a failed build; a field may still refer to them. */
  readonly #removed = new WeakSet<Variable>();

  /** Their number. */
  get length(): number {
    return this.#entries.length;
  }

  /** In Keras's order: trainable ones, then the others. */
  get variables(): Variable[] {
    const variables: Variable[] = [];
    for (const { variable, isFixed } of this.#entries) if (!isFixed) variables.push(variable);
    for (const { variable, isFixed } of this.#entries) if (isFixed) variables.push(variable);
    return variables;
  }

  /** Creates one. @throws the errors of its initializer, regularizer and constraint */
  add(layerName: string, options: WeightOptions, isLayerTrainable: boolean): Variable {
    const { variable, penalty, regularizer } = makeWeight(layerName, options, () => this.#freeName(layerName));
    if (!isLayerTrainable) variable.trainable = false;
    this.#entries.push({ variable, penalty, regularizer, isFixed: options.trainable === false });
    return variable;
  }

  /** The name of an unnamed weight: files need distinct names, the same for every layer of a class. */
  #freeName(layerName: string): string {
    let name = "variable";
    const isTaken = () => this.#entries.some(({ variable }) => variable.name === `${layerName}/${name}`);
    for (let i = 1; isTaken(); i++) name = `variable_${i}`;
    return name;
  }

  /** Sets whether training changes the trainable ones. */
  setTrainable(trainable: boolean): void {
    for (const { variable, isFixed } of this.#entries) if (!isFixed) variable.trainable = trainable;
  }

  /** The penalties of the trained ones. */
  penalties(): Tensor<"float32">[] {
    const penalties: Tensor<"float32">[] = [];
    for (const { variable, penalty } of this.#entries) {
      if (penalty !== null && variable.trainable) penalties.push(penalty(variable));
    }
    return penalties;
  }

  /** The regularizers of the penalties. */
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
