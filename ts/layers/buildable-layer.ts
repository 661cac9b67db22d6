/**
 * The part of layers that creates their weights once the input's shape is known.
 *
 * @module
 */

import type { Operand } from "../autodiff/arena.js";
import { customName } from "../custom-objects.js";
import { ValueError } from "../errors.js";
import { giveNameBack, snakeCase, uniqueName } from "../names.js";
import { checkMethod } from "../options.js";
import { lasting, refusable } from "../undo.js";
import type { DType } from "../values.js";
import type { CallContext } from "./call-context.js";
import { inferredShape } from "./inferred-shape.js";
import { checkInputs, type InputSpec } from "./input-spec.js";
import { LayerLosses } from "./layer-losses.js";
import { checkedOutputShape, checkedShapes, isShapeList, type LayerShape, type LayerShapes } from "./layer-shape.js";
import type { OutputKeys } from "./results.js";

/** A layer that is built by its first input, or explicitly. */
export abstract class BuildableLayer extends LayerLosses {
  /** Name for messages and saved files. */
  override readonly name: string;
  /** Element type of its inputs. Others are converted. */
  readonly inputDtype: DType = "float32";
  /** Its requirements for each input. */
  protected inputSpec: InputSpec | undefined;
  #builtShapes: LayerShapes | undefined;
  #outputKeys: OutputKeys;
  /** State of its build: `"begun"` until `build` runs. */
  #phase: "begun" | "building" | undefined;
  /** Stem of its default name. */
  readonly #stem: string | undefined;

  /**
   * Takes a name.
   *
   * @param name - Default: a unique name, from the class's name.
   */
  constructor(className: string, name: string | undefined, trainable: boolean) {
    super(trainable);
    this.#stem = name === undefined ? snakeCase(className) : undefined;
    this.name = name ?? uniqueName(this.#stem as string);
    this.#checkCallsByHand();
  }

  /** For a constructor that throws after `super`: releases the name. @returns the error @internal */
  protected refused(error: unknown): unknown {
    if (this.#stem !== undefined) giveNameBack(this.#stem, this.name);
    return error;
  }

  /**
   * Explicit calls of `build` and `computeOutputShape`, also of subclasses, get checked shapes, and `build` creates
   * weights only once. Keras wraps `build` in the same way.
   */
  #checkCallsByHand(): void {
    const { build, computeOutputShape } = this;
    const checked = {
      build: (inputShape: LayerShapes): void => {
        if (this.#phase === "begun") {
          this.#phase = "building";
          build.call(this, inputShape);
        } else this.#buildByHand(checkedShapes(this.label, inputShape));
      },
      computeOutputShape: (inputShape: LayerShapes): LayerShape => {
        const takesNone = computeOutputShape.length === 0;
        const shapes = takesNone ? inputShape : checkedShapes(this.label, inputShape);
        return checkedOutputShape(this.label, computeOutputShape.call(this, shapes));
      },
    };
    for (const [name, value] of Object.entries(checked)) {
      Object.defineProperty(this, name, { value, configurable: true, writable: true });
    }
  }

  /** Class name, as in Keras. */
  get className(): string {
    return customName(this.constructor);
  }

  /** Class and name, for messages: `Dense "dense"`. */
  protected override get label(): string {
    return `${this.className} "${this.name}"`;
  }

  /** Whether it is built. */
  override get built(): boolean {
    this.checkSelf();
    return this.#builtShapes !== undefined;
  }

  /** Refuses an explicit call before there are weights. @throws ValueError (`ERR_NOT_BUILT`) @internal */
  protected checkBuilt(): void {
    if (this.built) return;
    throw new ValueError(
      "ERR_NOT_BUILT",
      `${this.label} is not built: use apply(x), or build(inputShape) before call(x).`,
    );
  }

  /** The shape, or shapes, for which it was built. @internal */
  get builtShape(): LayerShapes | undefined {
    return this.#builtShapes;
  }

  /**
   * Creates the weights, with `addWeight`. The first `apply` does this automatically. In a custom
   * layer, call `super.build(inputShape)` last. A built layer does not change.
   *
   * @param inputShape - With the batch axis; a list of shapes for a layer of several inputs.
   * @throws ValueError, TypeError (`ERR_SHAPE`) for a shape that is malformed, does not fit, or lacks a length that
   * weights need; OutOfMemoryError (`ERR_OUT_OF_MEMORY`) when memory is full
   */
  build(inputShape: LayerShapes): void {
    checkMethod(this, "build", arguments.length, 1);
    this.beforeBuild();
    this.#builtShapes = inputShape;
  }

  /**
   * Computes the output, with operations that have gradients. `apply` calls it; a custom layer defines it.
   *
   * @param inputs - A tensor (or a variable), or a list of them for a layer of several inputs.
   * @param context - {@link CallContext}: whether it is a training step.
   * @returns A float32 tensor with the shape of `computeOutputShape`.
   * @throws as the operations that it calls: ValueError (`ERR_SHAPE`) when the shape does not fit, DisposedError
   * (`ERR_DISPOSED`) after `dispose`
   */
  abstract call(inputs: Operand | readonly Operand[], context: CallContext): Operand | readonly Operand[];

  /**
   * Shape of the output. If a layer does not define it, the layer is called on zeros.
   *
   * @param inputShape - Lengths with the batch axis, `null` if not known; a list of shapes for a layer of several
   * inputs.
   * @returns Lengths with the batch axis, `null` if not known; for several outputs a list of them.
   * @throws ValueError, TypeError (`ERR_SHAPE`) for a shape that is malformed or does not fit
   */
  computeOutputShape(inputShape: LayerShapes): LayerShape {
    return refusable(() => {
      this.ensureBuilt(inputShape);
      const { shape, keys } = inferredShape(this, inputShape);
      this.#outputKeys = keys;
      return shape as LayerShape;
    });
  }

  /** Names of its outputs, if calls return them by name. @internal */
  get outputKeys(): OutputKeys {
    return this.#outputKeys;
  }

  /** Builds it if it is not built. A failed build leaves no weights, and draws no random numbers. @internal */
  ensureBuilt(inputShape: LayerShapes): void {
    if (this.built) return;
    checkInputs(this.label, this.inputSpec, isShapeList(inputShape) ? inputShape : [inputShape]);
    this.#makeBuilt(inputShape);
  }

  /** A built layer does not change, if the shape fits. */
  #buildByHand(inputShape: LayerShapes): void {
    if (!this.built) {
      refusable(() => {
        this.#makeBuilt(inputShape);
        this.builtByHand(inputShape);
      });
    } else checkInputs(this.label, this.inputSpec, isShapeList(inputShape) ? inputShape : [inputShape]);
  }

  /** Runs after a build that is not followed by a call. @internal */
  protected builtByHand(_inputShape: LayerShapes): void {}

  #makeBuilt(inputShape: LayerShapes): void {
    if (this.#phase !== undefined) {
      throw new ValueError("ERR_BUSY", `${this.label} is being built: it cannot be used before its build has ended.`);
    }
    this.#phase = "begun";
    try {
      lasting(() =>
        refusable(() => {
          this.beforeBuild();
          this.build(inputShape);
          this.#builtShapes = inputShape;
        }),
      );
    } finally {
      this.#phase = undefined;
    }
  }

  /** @internal */
  protected override buildUndo(): () => void {
    const undoWeights = super.buildUndo();
    const { inputSpec } = this;
    const shapes = this.#builtShapes;
    return () => {
      undoWeights();
      this.inputSpec = inputSpec;
      this.#builtShapes = shapes;
    };
  }
}
