/**
 * Operations in functional models: `ops.add(x, y)` of symbolic tensors.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { keep } from "../autodiff/arena.js";
import { isA, isPlain, typedArrayName } from "../brands.js";
import { ArgumentTypeError } from "../errors.js";
import { snakeCase, uniqueName } from "../names.js";
import type { OperationCall } from "../ops/symbolic.js";
import { isList } from "../options.js";
import { isTensor, Tensor } from "../tensor.js";
import { refusable } from "../undo.js";
import type { DType } from "../values.js";
import { isVariable } from "../variable.js";
import { onTrial } from "./inferred-shape.js";
import type { InputCount } from "./inputs.js";
import { connect, Layer, SymbolicTensor } from "./layer.js";
import type { LayerShape } from "./layer-shape.js";
import { returned } from "./results.js";

/** The placeholder of an input among the arguments of an operation. */
export class Place {
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }
}

/**
 * The layer behind one operation of a functional model: it has no weights, and is not among the model's `layers`.
 * @internal
 */
export class Operation extends Layer {
  static override readonly className: string = "Operation";
  /** @internal */
  static override readonly builtIn = true;
  /** The operation, with placeholders for its inputs. */
  readonly operation: OperationCall;

  constructor(operation: OperationCall, name: string) {
    super({ name });
    this.operation = operation;
    super.build([]);
  }

  /** Keras's name of it, in messages and summaries: that of the function, with a capital. */
  override get className(): string {
    const { name } = this.operation;
    return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  }

  /** Computes its outputs, in their order. @throws the errors of the operation */
  computed(inputs: readonly Operand[]): readonly Operand[] {
    return listed(this.#run(inputs));
  }

  /** @internal */
  protected override get inputCount(): InputCount {
    return "any";
  }

  override call(inputs: Operand | readonly Operand[]): Operand {
    return this.computed(isList(inputs) ? (inputs as readonly Operand[]) : [inputs as Operand])[0]!;
  }

  /** Connects it to these tensors, and returns the operation's results as symbolic tensors. */
  connected(inputs: readonly SymbolicTensor[]): unknown {
    const { shapes, dtype, keys } = this.outputsFor(inputs);
    const outputs = connect(this, inputs, shapes, { isList: true, dtype });
    return returned(outputs, keys === "list", keys === "list" ? undefined : keys);
  }

  /** Its results for inputs of these shapes and types. */
  outputsFor(inputs: readonly TriedInput[]) {
    const [two, three] = [2, 3].map((unknown) => this.#tried(inputs, unknown)) as [Tried, Tried];
    const shapes = two.outputs.map(({ shape }, i) =>
      shape.map((length, axis) => (length === three.outputs[i]?.shape[axis] ? length : null)),
    );
    return { shapes, dtype: two.outputs.map((output) => output.dtype), keys: two.keys };
  }

  /** Its results for zeros, with this length for unknown axes. */
  #tried(inputs: readonly TriedInput[], unknown: number): Tried {
    return onTrial(() => {
      const lengths = (shape: LayerShape) => shape.map((length) => length ?? unknown);
      const made = this.#run(inputs.map(({ shape, dtype }) => new Tensor(lengths(shape), dtype)));
      const outputs = listed(made);
      const keys = isList(made) ? "list" : isTensor(made) ? undefined : Object.keys(made as object);
      return { outputs: outputs.map(({ shape, dtype }) => ({ shape, dtype })), keys };
    });
  }

  #run(inputs: readonly Operand[]): unknown {
    const { fn, args } = this.operation;
    return fn(...(filled(args, inputs) as never[]));
  }
}

/** An input of a trial call. */
interface TriedInput {
  readonly shape: LayerShape;
  readonly dtype: DType;
}

interface Tried {
  readonly outputs: readonly { readonly shape: readonly number[]; readonly dtype: DType }[];
  /** For an object of tensors, or a list of them. */
  readonly keys: readonly string[] | "list" | undefined;
}

function listed(made: unknown): readonly Operand[] {
  if (isTensor(made)) return [made];
  return (isList(made) ? made : isPlain(made) ? Object.values(made) : []) as readonly Operand[];
}

/** Arguments with their placeholders replaced. */
export function filled(args: readonly unknown[], inputs: readonly unknown[]): unknown[] {
  const fill = (arg: unknown) => (arg instanceof Place ? inputs[arg.at] : arg);
  return args.map((arg) => (Array.isArray(arg) ? arg.map(fill) : fill(arg)));
}

/**
 * Adds an operation to the model of its symbolic arguments.
 *
 * @param given - Its name. Default: from that of the function, made unique.
 * @throws TypeError for variables and symbolic options; otherwise as the operation
 */
export function operate({ name, fn, args }: OperationCall, given?: string): unknown {
  const inputs: SymbolicTensor[] = [];
  const argument = (value: unknown): unknown =>
    isA(value, SymbolicTensor) ? new Place(inputs.push(value) - 1) : constant(name, value);
  return refusable(() => {
    const template = args.map((arg) =>
      isList(arg) && arg.some((entry) => isA(entry, SymbolicTensor)) ? Array.from(arg, argument) : argument(arg),
    );
    if (name === "shape") return [...inputs[0]!.shape];
    return new Operation({ name, fn, args: template }, given ?? uniqueName(snakeCase(name))).connected(inputs);
  });
}

/** An argument that is not an input: a copy, which the caller cannot change. */
function constant(name: string, value: unknown): unknown {
  if (isVariable(value)) {
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${name}: a variable beside a symbolic tensor would belong to no layer, and so be neither trained nor saved with the model. Make it in a custom layer, by addWeight().`,
    );
  }
  if (isTensor(value)) return keep(value);
  if (typedArrayName(value) !== undefined) return (value as Float32Array).slice();
  if (!isPlain(value)) return value;
  for (const [key, option] of Object.entries(value)) {
    if (!isA(option, SymbolicTensor)) continue;
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${name}: the option "${key}" cannot be a symbolic tensor: only arguments by position can.`,
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, option]) => [key, constant(name, option)]));
}
