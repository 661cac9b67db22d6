/**
 * LossScaleOptimizer: a dynamic loss scale for any optimizer.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { ValueError } from "../errors.js";
import { anyNumber, checkMethod, integer, numberIn, type Range, text } from "../options.js";
import { LARGEST_FLOAT32 } from "../runtime/float32.js";
import { recorderNow } from "../runtime/recording.js";
import type { Variable } from "../variable.js";
import { warnOnce } from "../warnings.js";
import { clippedGradients } from "./clipping.js";
import type { OptimizerConfig } from "./config.js";
import type { GradientAndVariable } from "./gradients.js";
import { registryWith } from "./list.js";
import { checkLossScaleOptions, type LossScaleOptimizerOptions } from "./loss-scale-options.js";
import type { Optimizer } from "./optimizer.js";
import { type OptimizerVariable, scalarVariable } from "./state.js";
import type { Mode, StepResult } from "./step.js";
import { checkInputs, type StepInputs, unzipped } from "./step-inputs.js";
import { checkedInner, Wrapper } from "./wrapper.js";
import { wrappers } from "./wrappers.js";

/** The smallest normal float32: the scale stays between it and the largest. */
const SMALLEST = 2 ** -126;
const SCALE: Range = { least: SMALLEST, most: LARGEST_FLOAT32 };

/** For the inner optimizer. It also knows this class, whose constructor explains why it cannot be nested. */
const registry = registryWith(() => [LossScaleOptimizer, ...wrappers()]);

const NO_CLIP = { clipnorm: null, globalClipnorm: null, clipvalue: null } as const;

/**
 * Scales the loss so that small gradients survive low precision: differentiate `scaleLoss(loss)`, and
 * the step divides the gradients by the same scale. A step whose gradients are not all finite is skipped and halves the
 * scale; after `dynamicGrowthSteps` finite steps the scale is doubled. The scale stays a normal float32, from
 * 1.1754943508222875e-38 to 3.4028234663852886e38: it stops growing at the upper bound, and warns once at the lower
 * bound.
 *
 * `iterations` and `learningRate` are those of the inner optimizer. Its `lossScaleFactor` is cleared.
 *
 * @remarks
 * ```text
 * g <- g / scale ;  not finite: no update, scale <- scale / 2
 * dynamicGrowthSteps finite steps in a row: scale <- 2 scale
 * ```
 *
 * State: two numbers, and the inner optimizer's state. Use it for gradients from half-precision code elsewhere (a GPU,
 * another library). Scale the loss with `scaleLoss`.
 *
 * Example: `new LossScaleOptimizer(new Adam(), { initialScale: 1024 })`.
 *
 * @param innerOptimizer - The optimizer that updates the variables.
 * @throws TypeError ERR_OPTION_TYPE when `innerOptimizer` is not an optimizer; ValueError ERR_OPTION_CONFLICT when an
 * option belongs to the inner optimizer, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN
 * @see [Micikevicius et al. 2017](https://arxiv.org/abs/1710.03740)
 * @example
 * ```ts
 * import { LossScaleOptimizer, SGD, Variable } from "gradstep";
 *
 * const w = new Variable([1, 2]);
 * const optimizer = new LossScaleOptimizer(new SGD({ learningRate: 0.5 }), { initialScale: 1024 });
 * const scale = optimizer.scaleLoss(1);
 * optimizer.apply([[1 * scale, 2 * scale]], [w]);
 * console.log(w.array()); // Float32Array [0.5, 1]
 * optimizer.apply([[Infinity, 0]], [w]); // changes the scale only
 * console.log(optimizer.scaleLoss(1), optimizer.iterations); // 512 1
 * ```
 */
export class LossScaleOptimizer extends Wrapper {
  static override readonly className: string = "LossScaleOptimizer";
  /** Initial scale. */
  readonly initialScale: number;
  /** Steps with finite gradients before the scale is doubled. */
  readonly dynamicGrowthSteps: number;
  #scale: number;
  #goodSteps = 0;
  // Keras saves an iteration and a rate that this optimizer has but never uses; files reserve places for them.
  #unusedIteration = 0;
  #unusedRate = 0;

  constructor(
    innerOptimizer: Optimizer,
    initialScale?: LossScaleOptimizerOptions["initialScale"] | LossScaleOptimizerOptions,
    dynamicGrowthSteps?: LossScaleOptimizerOptions["dynamicGrowthSteps"] | LossScaleOptimizerOptions,
    name?: LossScaleOptimizerOptions["name"] | LossScaleOptimizerOptions,
    others?: LossScaleOptimizerOptions,
  );
  constructor(innerOptimizer: Optimizer, ...given: unknown[]) {
    const owner = "LossScaleOptimizer";
    const placed = ["initialScale", "dynamicGrowthSteps", "name"];
    const options = placedOptions<LossScaleOptimizerOptions>(owner, placed, given, 1);
    checkedInner(owner, innerOptimizer);
    if (innerOptimizer instanceof LossScaleOptimizer) {
      throw new ValueError(
        "ERR_OPTION_CONFLICT",
        `${owner}: the inner optimizer already scales the loss. Use it as it is.`,
      );
    }
    checkLossScaleOptions(owner, options);
    const initialScale = numberIn(owner, "initialScale", options.initialScale ?? 32768, SCALE);
    const dynamicGrowthSteps = integer(owner, "dynamicGrowthSteps", options.dynamicGrowthSteps ?? 2000, 1, 2 ** 31 - 1);
    text(owner, "name", options.name ?? "");
    super(owner, innerOptimizer, options.name);
    this.initialScale = initialScale;
    this.dynamicGrowthSteps = dynamicGrowthSteps;
    this.#scale = Math.fround(initialScale);
    // Gradients would be divided twice.
    innerOptimizer.lossScaleFactor = null;
    // Keras's paths name the optimizer that built the state.
    if (!innerOptimizer.built) innerOptimizer.scope = `${this.name}/`;
  }

  /** The current scale of the loss. */
  get dynamicScale(): number {
    this.checkSelf();
    return this.#scale;
  }

  /**
   * Multiplies a loss by the current scale. Differentiate the result.
   *
   * @param loss - The loss, any number.
   * @returns the scaled loss, a number
   * @throws TypeError ERR_OPTION_TYPE for anything but a number
   */
  override scaleLoss(loss: number): number {
    checkMethod(this, "scaleLoss", arguments.length, 1);
    this.checkSelf();
    // A recorded step of fit compares the scale itself, and is recorded again with the next one.
    const recorder = recorderNow();
    if (recorder?.isOwn === true) recorder.decline("the scale of a loss changes");
    return anyNumber(this.name, "loss", loss) * this.#scale;
  }

  /**
   * Clips scaled gradients as the inner optimizer would clip them without the scale. Gradients that are not all finite
   * are copied unchanged, because clipping could hide them from the step.
   *
   * @param pairs - `[gradient, variable]` pairs, with scaled gradients; `null` for no gradient.
   * @returns new pairs with flat copies of the gradients, as many numbers as the variable has; `null` stays
   * @throws the errors of {@link Optimizer.clipGradients}: TypeError ERR_PAIRS_MALFORMED, ERR_GRADIENT_DTYPE;
   * ValueError ERR_GRADIENT_SHAPE, ERR_BUSY
   */
  override clipGradients(pairs: Iterable<GradientAndVariable>): [Float32Array | null, Variable][] {
    checkMethod(this, "clipGradients", arguments.length, 1);
    this.checkSelf();
    return this.busy.during(this.name, () => this.#clipped(pairs));
  }

  #clipped(pairs: Iterable<GradientAndVariable>): [Float32Array | null, Variable][] {
    const { gradients, variables } = unzipped(pairs);
    const copies = clippedGradients(gradients, variables, NO_CLIP);
    const finite = copies.every((copy) => copy === null || copy.every(Number.isFinite));
    const { clipnorm, globalClipnorm, clipvalue } = this.innerOptimizer;
    const scaled = (limit: number | null) => (limit === null ? null : limit * this.#scale);
    const clips = { clipnorm: scaled(clipnorm), globalClipnorm: scaled(globalClipnorm), clipvalue: scaled(clipvalue) };
    const clipped = finite ? clippedGradients(copies, variables, clips) : copies;
    this.clipsByHand = true;
    return clipped.map((gradient, i) => [gradient, variables[i]!]);
  }

  /** All state in Keras's order: two unused numbers, counter and scale once built, the inner optimizer. */
  override get variables(): OptimizerVariable[] {
    this.checkSelf();
    const unused = [
      scalarVariable(
        `${this.name}/iteration`,
        "int32",
        () => this.#unusedIteration,
        (value) => {
          this.#unusedIteration = value;
        },
      ),
      scalarVariable(
        `${this.name}/learning_rate`,
        "float32",
        () => this.#unusedRate,
        (value) => {
          this.#unusedRate = value;
        },
      ),
    ];
    return [...unused, ...this.#scaleVariables(), ...this.innerOptimizer.variables];
  }

  /** State in Keras 2's order: iterations, counter and scale once built, slots. */
  override get weights(): OptimizerVariable[] {
    this.checkSelf();
    const [iterations, ...slots] = this.innerOptimizer.weights;
    return [iterations as OptimizerVariable, ...this.#scaleVariables(), ...slots];
  }

  /** @internal */
  static get registry(): typeof registry {
    return registry;
  }

  /** @internal */
  protected override get ownConfig(): OptimizerConfig {
    return { initial_scale: this.initialScale, dynamic_growth_steps: this.dynamicGrowthSteps };
  }

  /** @internal */
  override update(given: StepInputs, mode: Mode): StepResult {
    checkInputs(this.name, given, mode);
    const result = this.innerOptimizer.update(given, {
      clip: mode.clip,
      label: mode.label,
      unscale: this.#scale,
      checkFinite: true,
    });
    if (result === "notFinite") {
      this.#goodSteps = 0;
      if (this.#scale * 0.5 >= SMALLEST) this.#scale = Math.fround(this.#scale * 0.5);
      else {
        warnOnce(
          this,
          `${this.name}: the loss scale stays at ${this.#scale}, its lower bound, and gradients are still not finite. Look for infinite or NaN values in the data and the loss.`,
        );
      }
    } else if (this.#goodSteps >= this.dynamicGrowthSteps - 1) {
      this.#goodSteps = 0;
      if (this.#scale * 2 <= LARGEST_FLOAT32) this.#scale *= 2;
    } else {
      this.#goodSteps += 1;
    }
    return result;
  }

  /** @internal */
  protected override get clips(): boolean {
    const { clipnorm, globalClipnorm, clipvalue } = this.innerOptimizer;
    return Boolean(clipnorm || globalClipnorm || clipvalue);
  }

  #scaleVariables(): OptimizerVariable[] {
    if (!this.built) return [];
    return [
      scalarVariable(
        `${this.name}/step_counter`,
        "int32",
        () => this.#goodSteps,
        (value) => {
          this.#goodSteps = value;
        },
      ),
      scalarVariable(
        `${this.name}/dynamic_scale`,
        "float32",
        () => this.#scale,
        (value) => {
          this.#scale = value;
        },
        (value) => numberIn(this.name, "dynamicScale", value, SCALE),
      ),
    ];
  }
}
