/**
 * Lambda: a function as a layer.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import type { Operand } from "../autodiff/arena.js";
import { isA, isCallable, isPlain } from "../brands.js";
import type { Config } from "../class-registry.js";
import { customFunction, customObject, own, savedFunction } from "../custom-objects.js";
import { ArgumentTypeError, ValueError } from "../errors.js";
import { withKeysOf } from "../keras-names.js";
import type { InPlaceOfOptions } from "../named-options.js";
import { checkMethod, checkObject, isList, shown } from "../options.js";
import { copied } from "../plain-json.js";
import { Tensor } from "../tensor.js";
import { Variable } from "../variable.js";
import { type CallContext, INFERENCE } from "./call-context.js";
import { argumentsOf } from "./config.js";
import type { InputCount } from "./inputs.js";
import { Layer } from "./layer.js";
import { checkedLayerShape, isShapeList, type LayerShape, type LayerShapes } from "./layer-shape.js";
import type { LayerOptions } from "./options.js";
import { allPass, resultList } from "./results.js";

/** Inputs of a {@link Lambda}'s function: a tensor with the batch axis, or a list of them for a layer of several inputs. */
// biome-ignore lint/suspicious/noExplicitAny: the function says whether it takes one or a list, and of which arguments.
export type LambdaFunction = (inputs: any, options: any) => Operand | readonly Operand[];

/** The option that each function has by this name too: see `InPlaceOfOptions`. */
export interface LambdaArguments {
  /** Further named arguments of the function, passed in its second argument and saved in JSON. Default: null, none. */
  readonly arguments?: Readonly<Record<string, unknown>> | null | undefined;
}

type PlacedFunction<F> = InPlaceOfOptions<F> & LambdaArguments;

/** Options of {@link Lambda}. */
export interface LambdaOptions extends LayerOptions, LambdaArguments {
  /**
   * Shape of the output of one sample, without the batch axis; or a function from the input's complete shape to the
   * output's. Default: null, inferred from a call on zeros.
   */
  readonly outputShape?: LayerShape | PlacedFunction<(inputShape: LayerShapes) => LayerShape> | null | undefined;
  /** Keras's masks, which are not supported: only null is accepted. Default: null. */
  readonly mask?: null | undefined;
}

const PLACED = ["function", "outputShape", "mask", "arguments"];

/**
 * Wraps a function as a layer without weights. The function gets the input, and an object of `arguments` and
 * `training`.
 *
 * JSON contains the name of the function, not its text: to load a model with it, pass `customObjects: { name: function
 * }`; a worker needs the function in `expose`. Layers created in Python from a `lambda` are looked up by the name of
 * the layer.
 *
 * @see [keras.layers.Lambda](https://keras.io/api/layers/core_layers/lambda/)
 * @example
 * ```ts
 * import { layers, modelFromJSON, ops, Sequential, stringify, type Tensor } from "gradstep";
 *
 * const scaled = (x: Tensor, { factor }: { factor: number }) => ops.multiply(x, factor);
 * const model = new Sequential([new layers.Lambda(scaled, { arguments: { factor: 3 }, inputShape: [2] })]);
 * const copy = modelFromJSON(stringify(model), { [scaled.name]: scaled });
 * console.log(copy.apply([[1, 2]]).array()); // Float32Array [3, 6]
 * ```
 */
export class Lambda extends Layer {
  static override readonly className = "Lambda";
  /** @internal */
  static override readonly builtIn = true;
  static override readonly requiredArguments: readonly string[] = ["function"];
  /** The function. */
  readonly function: LambdaFunction;
  /** Further named arguments of the function. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly #outputShape: LayerShape | ((inputShape: LayerShapes) => LayerShape) | undefined;

  /**
   * Creates a layer of a function.
   *
   * @param fn - A function from the input and an object of `arguments` and `training` to a tensor, using operations; or
   *   the options, with it as `function`.
   * @param outputShape - {@link LambdaOptions.outputShape}, or the options.
   * @param mask - {@link LambdaOptions.mask}, or the options.
   * @param args - {@link LambdaOptions.arguments}; options may follow.
   * @param others - Options that follow positional arguments.
   * @throws ValueError, TypeError (`ERR_OPTION_UNKNOWN`, `ERR_OPTION_CONFLICT`, `ERR_OPTION_RANGE`, `ERR_OPTION_TYPE`)
   * for an argument that is unknown, passed twice, out of range or of the wrong type
   * @throws ValueError, TypeError (`ERR_SHAPE`) for an `inputShape` or `outputShape` that is not a list of lengths;
   * (`ERR_CONFIG_UNKNOWN_CLASS`, `ERR_CONFIG_INVALID`) for an unknown regularizer
   */
  constructor(
    fn: PlacedFunction<LambdaFunction> | (LambdaOptions & { readonly function: LambdaFunction }),
    outputShape?: LambdaOptions["outputShape"] | LambdaOptions,
    mask?: LambdaOptions["mask"] | LambdaOptions,
    args?: LambdaOptions["arguments"],
    others?: LambdaOptions,
  );
  constructor(...given: unknown[]) {
    const { function: fn, outputShape, mask, arguments: args, ...options } = read(given);
    super(options, PLACED);
    try {
      const { label } = this;
      if (!isCallable(fn)) refuse(label, "function", "a function of the input", fn);
      if (mask !== undefined && mask !== null) {
        refuse(label, "mask", "null, because layers pass no masks here", mask);
      }
      const named = args ?? {};
      if (!isPlain(named)) refuse(label, "arguments", "an object of arguments by name", named);
      this.function = fn as LambdaFunction;
      this.arguments = Object.freeze({ ...(named as object) });
      this.#outputShape = checkedOutput(label, outputShape ?? undefined);
    } catch (error) {
      throw this.refused(error);
    }
  }

  /** @internal */
  protected override get inputCount(): InputCount {
    return "any";
  }

  override call(
    inputs: Operand | readonly Operand[],
    { training }: CallContext = INFERENCE,
  ): Operand | readonly Operand[] {
    const output: unknown = this.function(inputs, { ...this.arguments, training });
    const isOperand = (value: unknown) => isA(value, Tensor) || isA(value, Variable);
    const list = resultList(output, undefined);
    if (list.length > 0 && allPass(list, isOperand)) return output as Operand;
    throw new ArgumentTypeError(
      "ERR_OPTION_TYPE",
      `${this.label}: its function must return a tensor, made by operations from the input, got ${shown(output)}.`,
    );
  }

  override computeOutputShape(inputShape: LayerShapes): LayerShape {
    const shape = this.#outputShape;
    if (shape === undefined) return super.computeOutputShape(inputShape);
    if (!isList(shape)) return (shape as (inputShape: LayerShapes) => LayerShape)(inputShape);
    const first = isShapeList(inputShape) ? inputShape[0] : inputShape;
    return [first?.[0] ?? null, ...(shape as LayerShape)];
  }

  override getConfig(): Config {
    checkObject(this, "getConfig");
    const { function: fn, output_shape: shape, ...others } = this.copyConfig;
    return {
      ...others,
      function: savedFunction("the function of a Lambda", fn as object),
      ...(shape === undefined ? {} : { output_shape: savedShape(shape as LayerShape) }),
      arguments: savable(this.label, this.arguments),
    };
  }

  /** Its config with the functions themselves, for copies in this realm. @internal */
  get copyConfig(): Config {
    this.checkSelf();
    const shape = this.#outputShape;
    const { function: fn, arguments: args } = this;
    return {
      ...super.getConfig(),
      function: fn,
      ...(shape === undefined ? {} : { output_shape: shape }),
      arguments: args,
    };
  }

  static override fromConfig<T extends Layer>(this: new (...args: never[]) => T, config: Config): T {
    // biome-ignore lint/complexity/noThisInStatic: the class itself is meant.
    checkMethod(this, "fromConfig", arguments.length, 1);
    const [saved, options] = argumentsOf(config, ["function"], {}) as [unknown, Record<string, unknown>];
    const { name, outputShape } = options;
    const fn = typeof saved === "function" ? saved : readFunction(saved, name);
    const isSaved = typeof outputShape === "object" && !isList(outputShape);
    const shape = isSaved ? customFunction("the outputShape of a Lambda", outputShape) : outputShape;
    return withKeysOf(config, () => new this(...([fn, { ...options, outputShape: shape }] as never[])));
  }
}

/** `arguments` may be positional: a plain object in fourth position is not the options. */
function read(given: readonly unknown[]): LambdaOptions & { readonly function?: unknown } {
  const [, , , args] = given;
  const isPlaced = args !== undefined && isCallable(given[0]) && given.slice(1, 3).every((one) => !isPlain(one));
  if (!isPlaced) return placedOptions("Lambda", PLACED.slice(0, 3), given);
  const rest = [...given.slice(0, 3), ...given.slice(4)];
  const others = placedOptions<LambdaOptions>("Lambda", PLACED.slice(0, 3), rest, 1);
  if (others.arguments === undefined) return { ...others, arguments: args as never };
  throw new ValueError(
    "ERR_OPTION_CONFLICT",
    `Lambda: "arguments" is passed twice, by position as ${shown(args)} and by name as ${shown(others.arguments)}.`,
  );
}

function refuse(label: string, name: string, expected: string, got: unknown): never {
  throw new ArgumentTypeError("ERR_OPTION_TYPE", `${label}: "${name}" must be ${expected}, got ${shown(got)}.`);
}

function checkedOutput(
  label: string,
  shape: unknown,
): LayerShape | ((inputShape: LayerShapes) => LayerShape) | undefined {
  if (shape === undefined || isCallable(shape)) return shape as undefined;
  return checkedLayerShape(label, "outputShape", shape);
}

function savedShape(shape: LayerShape | ((inputShape: LayerShapes) => LayerShape)): unknown {
  return isCallable(shape) ? savedFunction("the outputShape of a Lambda", shape) : [...(shape as LayerShape)];
}

/** A function by its name; one that Python saved as bytecode, by the name of the layer. */
function readFunction(json: unknown, layer: unknown): unknown {
  const isBytecode = typeof json === "object" && json !== null && own(json, "class_name") === "__lambda__";
  if (!isBytecode) return customFunction("the function of a Lambda", json);
  const found = customObject([layer], "a function", isCallable);
  if (found !== undefined) return found;
  throw new ValueError(
    "ERR_CONFIG_INVALID",
    `Lambda ${shown(layer)}: Python saved its function as bytecode, which cannot be read. Write it in JavaScript, and pass it in customObjects by the name of the layer: { ${shown(layer)}: (x) => ... }.`,
  );
}

/** Arguments as JSON. @throws ValueError for anything else in them */
function savable(label: string, value: object): unknown {
  const json = copied(label, value) as object;
  const waiting: unknown[] = [json];
  for (const next of waiting) {
    if (isList(next) || isPlain(next)) {
      waiting.push(...Object.values(next as object));
      continue;
    }
    const isValue = next === null || typeof next === "string" || typeof next === "boolean" || Number.isFinite(next);
    if (isValue) continue;
    throw new ValueError(
      "ERR_CONFIG_INVALID",
      `${label}: "arguments" cannot be saved: they can hold numbers, strings, booleans, null, lists and plain objects of these, got ${shown(next)}.`,
    );
  }
  return json;
}
