/**
 * Custom optimizers: Keras 3's contract for subclasses, `build`, `updateStep` and the methods that make their state.
 *
 * @module
 */

import { readOptions } from "../arguments.js";
import { isCallable, isReadable } from "../brands.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { checkMethod, isList, list, shown, text } from "../options.js";
import { checkedShape, type Shape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Values } from "../values.js";
import { isVariable, Variable } from "../variable.js";
import type { OptimizerOptions } from "./options.js";
import { OptimizerSettings } from "./settings.js";
import { slotPath } from "./state.js";

/**
 * Initial values of a custom optimizer's state: `"zeros"`, `"ones"`, an initializer, or a function that returns numbers of the
 * shape.
 */
export type SlotInitializer =
  | "zeros"
  | "ones"
  | { call(shape: Shape): Tensor | Values }
  | ((shape: Shape) => Tensor | Values);

/** Options of `addVariable`. */
export interface SlotOptions {
  /** Initial values. Default: `"zeros"`. */
  readonly initializer?: SlotInitializer | null | undefined;
  /** Element type: only `"float32"`. Default: null, the same. */
  readonly dtype?: "float32" | null | undefined;
  /** Last part of the path, for saved files. Default: null, which is `"variable"`, or `"var"` after a reference. */
  readonly name?: string | null | undefined;
}

/** The base class's support for custom update rules. */
export abstract class CustomRule<Options extends OptimizerOptions> extends OptimizerSettings<Options> {
  /** Prefix of its slots' paths if another optimizer builds it. @internal */
  scope = "";
  /** State that `addVariable` has made. @internal */
  readonly slots: Variable[] = [];

  /**
   * Updates one variable: the rule of a custom optimizer. It uses operations, and changes the variable and the state
   * with `assign`, `assignAdd` and `assignSub`. Clipping, weight decay, accumulation and the loss scale are applied
   * before it, the moving average and constraints after it. When it throws, weights, state and counter are restored.
   *
   * @param gradient - The gradient, with the variable's shape. It is freed after the call, like all results of operations.
   * @param variable - The variable.
   * @param learningRate - The rate of this step, rounded to float32.
   */
  updateStep?(gradient: Tensor<"float32">, variable: Variable, learningRate: number): void;

  /**
   * Creates a state variable, for `build` of a custom optimizer. It is saved, resumed and sent with the optimizer, and
   * freed by `dispose`.
   *
   * @param shape - Lengths of the axes; `[]` for one number.
   * @param given - {@link SlotOptions}, or initializer and dtype by position, then options.
   * @returns the variable, float32 of this shape
   * @throws ValueError ERR_BUSY once the optimizer is built; TypeError, ValueError ERR_SHAPE, ERR_OPTION_TYPE,
   * ERR_OPTION_UNKNOWN, ERR_VALUES_SHAPE when the initializer returns numbers of another shape; OutOfMemoryError
   */
  protected addVariable(
    shape: Shape,
    ...given: [
      initializer?: SlotInitializer | SlotOptions | null | undefined,
      dtype?: "float32" | SlotOptions | null | undefined,
      options?: SlotOptions | undefined,
    ]
  ): Variable {
    const read = readOptions<SlotOptions>("addVariable", SLOT_OPTIONS, given);
    this.checkUnbuilt();
    return this.#add(shape, `${this.scope}${this.name}/${nameOf("addVariable", read.name, "variable")}`, read);
  }

  /**
   * Creates a state variable with the shape of a variable to train.
   *
   * @param referenceVariable - The variable to train.
   * @param given - Name and initializer: by position, by name, or both. Default: `"var"`, `"zeros"`.
   * @returns the variable, called after the optimizer, the reference and `name`
   * @throws the errors of `addVariable`
   */
  protected addVariableFromReference(
    referenceVariable: Variable,
    ...given: [
      name?: string | SlotOptions | null | undefined,
      initializer?: SlotInitializer | SlotOptions | null | undefined,
      options?: SlotOptions | undefined,
    ]
  ): Variable {
    const owner = "addVariableFromReference";
    const read = readOptions<SlotOptions>(owner, REFERENCE_OPTIONS, given);
    this.checkUnbuilt();
    checkVariable(owner, referenceVariable);
    return this.#add(referenceVariable.shape, slotPath(this, referenceVariable, nameOf(owner, read.name, "var")), read);
  }

  /**
   * Creates state variables: one for each variable to train, or, with a list of names, one for each name and variable.
   *
   * @param variables - The variables to train.
   * @param name - A name, or a list of names.
   * @param initializer - For all, or a list with one for each name. Default: `"zeros"`.
   * @returns a list as long as `variables`; with a list of names a list of such lists
   * @throws ValueError ERR_OPTION_RANGE when the lists of names and initializers differ in length; the errors of
   * `addVariable`
   */
  protected addOptimizerVariables<Name extends string | readonly string[]>(
    variables: Iterable<Variable>,
    name: Name,
    initializer: SlotInitializer | readonly SlotInitializer[] = "zeros",
  ): Name extends string ? Variable[] : Variable[][] {
    checkMethod(this, "addOptimizerVariables", arguments.length, 3);
    const names: readonly string[] = isList(name) ? (name as readonly string[]) : [name as string];
    const initializers = isList(initializer)
      ? (initializer as readonly SlotInitializer[])
      : names.map(() => initializer as SlotInitializer);
    if (names.length !== initializers.length) {
      throw new ValueError(
        "ERR_OPTION_RANGE",
        `addOptimizerVariables: expected as many initializers as names, ${names.length}, got ${initializers.length}.`,
      );
    }
    const made: Variable[][] = names.map(() => []);
    // Variable by variable, as in Keras.
    for (const variable of list<Variable>(this.name, "variables", variables)) {
      names.forEach((each, i) => {
        made[i]!.push(this.addVariableFromReference(variable, each, initializers[i]!));
      });
    }
    return (isList(name) ? made : made[0]) as Name extends string ? Variable[] : Variable[][];
  }

  /**
   * Overwrites a trained variable or a state variable: the same as `variable.assign(value)`.
   *
   * @param variable - The variable.
   * @param value - As many numbers as it has.
   * @throws TypeError ERR_OPTION_TYPE for anything but a variable; the errors of {@link Variable.assign}
   */
  protected assign(variable: Variable, value: Values): void {
    checkMethod(this, "assign", arguments.length, 2);
    checkVariable("assign", variable);
    variable.assign(value);
  }

  /**
   * Adds to a variable: the same as `variable.assignAdd(value)`.
   *
   * @param variable - The variable.
   * @param value - As many numbers as it has.
   * @throws TypeError ERR_OPTION_TYPE for anything but a variable; the errors of {@link Variable.assignAdd}
   */
  protected assignAdd(variable: Variable, value: Values): void {
    checkMethod(this, "assignAdd", arguments.length, 2);
    checkVariable("assignAdd", variable);
    variable.assignAdd(value);
  }

  /**
   * Subtracts from a variable: the same as `variable.assignSub(value)`.
   *
   * @param variable - The variable.
   * @param value - As many numbers as it has.
   * @throws TypeError ERR_OPTION_TYPE for anything but a variable; the errors of {@link Variable.assignSub}
   */
  protected assignSub(variable: Variable, value: Values): void {
    checkMethod(this, "assignSub", arguments.length, 2);
    checkVariable("assignSub", variable);
    variable.assignSub(value);
  }

  /** Refuses state that would be added to a built optimizer. @internal */
  protected abstract checkUnbuilt(): void;

  #add(shape: Shape, path: string, { initializer, dtype }: SlotOptions): Variable {
    const owner = `${this.name}: "${path}"`;
    if (dtype !== undefined && dtype !== null && dtype !== "float32") {
      throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner}: "dtype" must be "float32", got ${shown(dtype)}.`);
    }
    const lengths = checkedShape(owner, shape);
    const made = new Variable(firstValues(owner, initializer ?? "zeros", lengths), {
      shape: lengths,
      name: path,
      trainable: false,
    });
    this.slots.push(made);
    return made;
  }
}

const SLOT_OPTIONS = { names: ["initializer", "dtype", "name"], byPosition: 2, after: 1 } as const;
const REFERENCE_OPTIONS = { names: ["name", "initializer", "dtype"], byPosition: 2, after: 1 } as const;

function checkVariable(owner: string, variable: unknown): void {
  if (isVariable(variable)) return;
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `${owner} takes a Variable, got ${shown(variable)}.`);
}

function nameOf(owner: string, name: string | null | undefined, byDefault: string): string {
  return text(owner, "name", name ?? byDefault);
}

function firstValues(owner: string, initializer: unknown, shape: Shape): Values {
  if (initializer === "zeros") return new Float32Array(sizeOf(shape));
  if (initializer === "ones") return new Float32Array(sizeOf(shape)).fill(1);
  if (isCallable(initializer)) return (initializer as (shape: Shape) => Values)(shape);
  const { call } = (isReadable(initializer) ? initializer : {}) as { call?: unknown };
  if (typeof call === "function") return call.call(initializer, shape) as Values;
  throw new ArgumentTypeError(
    "ERR_OPTION_TYPE",
    `${owner}: "initializer" must be "zeros", "ones", an initializer such as initializers.get("uniform"), or a function of the shape, got ${shown(initializer)}.`,
  );
}
