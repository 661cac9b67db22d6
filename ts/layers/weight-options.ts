/**
 * Creation of a layer's weights.
 *
 * @module
 */

import { type Operand, passing } from "../autodiff/arena.js";
import { unrecorded } from "../autodiff/record.js";
import { isA } from "../brands.js";
import * as constraints from "../constraints/index.js";
import { checkOverrides } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import * as initializers from "../initializers/index.js";
import { divide } from "../ops/index.js";
import { floatOperand, madeTensor } from "../ops/operand.js";
import { checkKnownOptions, text } from "../options.js";
import * as regularizers from "../regularizers/index.js";
import { checkedShape, countText, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { Values } from "../values.js";
import { Variable } from "../variable.js";
import { checkWeight, overwritten } from "./weight-limit.js";

/** Options of {@link Layer.addWeight}. */
export interface WeightOptions {
  /** Its name within the layer, such as `"kernel"`. Default: null, `"variable"`, then `"variable_1"` ... */
  readonly name?: string | null | undefined;
  /** Lengths of the axes. Default: null, a single number. */
  readonly shape?: readonly number[] | null | undefined;
  /** Initial values. Default: null, `"glorotUniform"`. */
  readonly initializer?: initializers.InitializerIdentifier | null | undefined;
  /** A penalty that is added to the loss. Default: none. */
  readonly regularizer?: regularizers.RegularizerIdentifier | null | undefined;
  /** Applied after each update. Default: none. */
  readonly constraint?: constraints.ConstraintIdentifier | null | undefined;
  /** Whether training changes it. Default: true. */
  readonly trainable?: boolean | undefined;
}

/** The penalty of a weight, as a function. */
export type Penalty = (x: Operand) => Tensor<"float32">;

/** A regularizer, or a function used as one. */
export type AnyRegularizer = regularizers.Regularizer | regularizers.RegularizerFunction;

/**
 * One number; a plain number is a constant. @throws TypeError, ValueError for anything else from a custom regularizer
 */
function penaltyBy(owner: string, regularizer: AnyRegularizer, x: Operand): Tensor<"float32"> {
  const isObject = regularizer instanceof regularizers.Regularizer;
  if (isObject) checkOverrides(owner, regularizer, "call", "call(x)");
  const given: unknown = isObject ? regularizer.call(x) : regularizer(x);
  const penalty =
    typeof given === "number" ? (floatOperand(owner, given) as Tensor<"float32">) : madeTensor(owner, given);
  if (penalty.size === 1) return penalty;
  throw new ValueError("ERR_SHAPE", `${owner} must return one number, got ${countText(penalty.shape)}.`);
}

/** The penalty of an output, divided by the batch size. */
export function activityLoss(regularizer: AnyRegularizer, output: Tensor<"float32">): Tensor<"float32"> {
  return divide(penaltyBy("The activity regularizer", regularizer, output), output.shape[0] ?? 1);
}

/**
 * A variable with initial values and constraint, and its penalty. @throws the errors of initializer, regularizer and
 * constraint
 */
export function makeWeight(
  layerName: string,
  options: WeightOptions,
  freeName: () => string,
): { readonly variable: Variable; readonly penalty: Penalty | null; readonly regularizer: AnyRegularizer | null } {
  const owner = `Layer "${layerName}"`;
  checkKnownOptions(`${owner}: addWeight`, options, [
    "name",
    "shape",
    "initializer",
    "regularizer",
    "constraint",
    "trainable",
  ]);
  const shape = checkedShape(owner, options.shape ?? []);
  const name = `${layerName}/${text(owner, "name", options.name ?? freeName())}`;
  const initializer = initializers.get(options.initializer ?? "glorotUniform");
  const isObject = initializer instanceof initializers.Initializer;
  if (isObject) checkOverrides(`The initializer of "${name}"`, initializer, "call", "call(shape)");
  const constraint = constraints.get(options.constraint);
  const regularizer = regularizers.get(options.regularizer);
  const source = `The regularizer of "${name}"`;
  const penalty = regularizer === null ? null : (x: Operand) => penaltyBy(source, regularizer, x);
  const { trainable } = options;
  const isOverwritten = checkWeight(shape);
  // Not in a step's memory: initial values are as large as the weights, and would be kept in addition to them.
  const variable = passing(() =>
    unrecorded(() => {
      // Drawing takes longer than reading the file.
      if (isOverwritten && drawsOnly(initializer))
        return new Variable(overwritten(sizeOf(shape)), { shape, name, trainable });
      const values = isObject ? initializer.call(shape) : initializer(shape);
      return new Variable(isA(values, Tensor) ? values.numbers : (values as Values), { shape, name, trainable });
    }),
  );
  variable.constraint = constraint instanceof constraints.Constraint ? constraint.asFunction() : constraint;
  return { variable, penalty, regularizer };
}

/**
 * Whether it is a built-in random initializer: these draw their seed when they are created, so skipping the call
 * changes nothing else.
 */
function drawsOnly(initializer: unknown): boolean {
  if (!isA(initializer, initializers.RandomInitializer)) return false;
  return (initializers as Readonly<Record<string, unknown>>)[initializer.className] === initializer.constructor;
}
