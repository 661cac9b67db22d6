/**
 * Muon. Kernel: `crates/core/src/optimizers/muon.rs`.
 *
 * @module
 */

import { placedOptions } from "../arguments.js";
import { ValueError } from "../errors.js";
import { argumentName } from "../keras-names.js";
import { ANY, DECAY, FRACTION, integer, isList, NON_NEGATIVE } from "../options.js";
import type { Variable } from "../variable.js";
import { Optimizer } from "./optimizer.js";
import type { OptimizerOptions } from "./options.js";
import type { Scheduled } from "./scheduled.js";

/** Options of {@link Muon}. */
export interface MuonOptions extends OptimizerOptions {
  /** AdamW's decay of the first moment; 0 or above, and below 1. Default: 0.9. */
  readonly adamBeta1?: Scheduled | undefined;
  /** AdamW's decay of the second moment; 0 or above, and below 1. Default: 0.999. */
  readonly adamBeta2?: Scheduled | undefined;
  /** AdamW's weight decay; `weightDecay` applies to the matrices. `null` for none. Default: 0.004. */
  readonly adamWeightDecay?: Scheduled | null | undefined;
  /** AdamW's epsilon; 0 or above. Default: 1e-7. */
  readonly epsilon?: Scheduled | undefined;
  /** Decoupled weight decay of the matrices; AdamW uses `adamWeightDecay`. `null` for none. Default: 0.004. */
  readonly weightDecay?: Scheduled | null | undefined;
  /** Regular expressions: AdamW updates variables whose path matches one of them. Default: none. */
  readonly excludeLayers?: readonly string[] | null | undefined;
  /** Whether AdamW updates variables with "embedding" in their path. Default: true. */
  readonly excludeEmbeddings?: boolean | undefined;
  /**
   * Whether convolution kernels, variables with 3 to 5 axes, are treated as matrices of all axes but the last by the
   * last axis, the outputs. Default: false; AdamW updates them, as in Keras.
   */
  readonly includeConvolutions?: boolean | undefined;
  /** Coefficient of X in the iteration. Default: 3.4445. */
  readonly muonA?: Scheduled | undefined;
  /** Coefficient of X X' X. Default: -4.775. */
  readonly muonB?: Scheduled | undefined;
  /** Coefficient of X X' X X' X. Default: 2.0315. */
  readonly muonC?: Scheduled | undefined;
  /** AdamW's learning rate, as a multiple of `learningRate`. Default: 1. */
  readonly adamLrRatio?: Scheduled | undefined;
  /** Momentum of the matrices' gradients; from 0 to 1. Default: 0.95. */
  readonly momentum?: Scheduled | undefined;
  /** Number of iterations; 0 or above. Default: 5. */
  readonly nsSteps?: number | undefined;
  /** Nesterov's momentum. Default: true. */
  readonly nesterov?: boolean | undefined;
  /** Scale updates to this root mean square, times the learning rate. `null` for no scaling. Default: 0.2. */
  readonly rmsRate?: Scheduled | null | undefined;
  /**
   * Whether each iteration uses the coefficients of Polar Express (Amsel et al. 2025) instead of `muonA`, `muonB` and
   * `muonC`. In the same number of iterations, they bring singular values closer to 1. Default: false.
   */
  readonly polarExpress?: boolean | undefined;
  /**
   * NorMuon (Li et al. 2025): decay of the mean squares of the update's outputs. The outputs are divided by their
   * roots, so that all neurons take steps of the same size; 0 or above, and below 1. The paper uses 0.95.
   * Default: null, Muon's updates.
   */
  readonly normuonBeta2?: Scheduled | null | undefined;
}

const DEFAULTS = {
  adamBeta1: 0.9,
  adamBeta2: 0.999,
  epsilon: 1e-7,
  excludeLayers: [] as readonly string[],
  muonA: 3.4445,
  muonB: -4.775,
  muonC: 2.0315,
  adamLrRatio: 1,
  momentum: 0.95,
  nsSteps: 5,
  nesterov: true,
  excludeEmbeddings: true,
  adamWeightDecay: 0.004,
  rmsRate: 0.2,
  includeConvolutions: false,
  polarExpress: false,
  normuonBeta2: null,
} as const;

const RANGES = {
  adamBeta1: DECAY,
  adamBeta2: DECAY,
  adamWeightDecay: ANY,
  epsilon: NON_NEGATIVE,
  muonA: ANY,
  muonB: ANY,
  muonC: ANY,
  adamLrRatio: ANY,
  momentum: FRACTION,
  nsSteps: NON_NEGATIVE,
  rmsRate: ANY,
  normuonBeta2: DECAY,
};

/**
 * Muon (Jordan 2024): steps of weight matrices are orthogonalized by the Newton-Schulz iteration. AdamW updates all
 * other variables: those whose rank is not 2, embeddings, and those of `excludeLayers`.
 *
 * @remarks
 * State: one slot; two for variables that Adam updates; with `normuonBeta2` one more number per output of a matrix. Use
 * it for matrices of hidden layers, and with `includeConvolutions` for convolution kernels, as matrices of inputs by
 * outputs. Adam updates all other
 * variables, embeddings, and those of `excludeLayers`, with `adamBeta1`, `adamBeta2`, `adamWeightDecay` and
 * `adamLrRatio`.
 *
 * Example: `new Muon({ learningRate: 0.001, excludeLayers: ["head"] })`.
 *
 * @see [Jordan 2024](https://kellerjordan.github.io/posts/muon/), [Amsel et al. 2025](https://arxiv.org/abs/2505.16932),
 * [Li et al. 2025](https://arxiv.org/abs/2510.05491)
 *
 * @example
 * ```ts
 * import { Muon, Variable } from "gradstep";
 *
 * const kernel = new Variable([[1, 2], [3, 4]], { name: "dense/kernel" });
 * const optimizer = new Muon({ learningRate: 0.5, weightDecay: null });
 * optimizer.applyGradients([[[[1, 6], [7, 2]], kernel]]);
 * console.log(kernel.array()); // about [0.989, 1.887, 2.873, 3.970]
 * ```
 */
export class Muon extends Optimizer<MuonOptions> {
  static override readonly className: string = "Muon";
  /** AdamW's decay of the first moment. */
  declare readonly adamBeta1: number;
  /** AdamW's decay of the second moment. */
  declare readonly adamBeta2: number;
  /** AdamW's weight decay, or `null`. */
  declare readonly adamWeightDecay: number | null;
  /** AdamW's epsilon. */
  declare readonly epsilon: number;
  /** Patterns of the paths of variables that AdamW updates. */
  readonly excludeLayers: readonly string[] = this.own.excludeLayers ?? [];
  /** Whether AdamW updates embeddings. */
  declare readonly excludeEmbeddings: boolean;
  /** Coefficient of X. */
  declare readonly muonA: number;
  /** Coefficient of X X' X. */
  declare readonly muonB: number;
  /** Coefficient of X X' X X' X. */
  declare readonly muonC: number;
  /** AdamW's learning rate, as a multiple of the learning rate. */
  declare readonly adamLrRatio: number;
  /** Momentum of the matrices' gradients. */
  declare readonly momentum: number;
  /** Number of iterations. */
  declare readonly nsSteps: number;
  /** Whether Nesterov's momentum is used. */
  declare readonly nesterov: boolean;
  /** Root mean square of updates, times the learning rate, or `null`. */
  declare readonly rmsRate: number | null;
  /** Whether convolution kernels are treated as matrices. */
  declare readonly includeConvolutions: boolean;
  /** Whether the coefficients are those of Polar Express. */
  declare readonly polarExpress: boolean;
  /** Decay of the mean squares of outputs, or `null`. */
  declare readonly normuonBeta2: number | null;
  readonly #excluded: readonly RegExp[];

  /**
   * Muon (Jordan 2024): steps of weight matrices are orthogonalized by the Newton-Schulz iteration.
   *
   * @param options - `learningRate` is 0.001 by default.
   * @throws ValueError ERR_OPTION_CONFLICT, ERR_OPTION_RANGE, ERR_OPTION_UNKNOWN; TypeError ERR_OPTION_TYPE
   */
  constructor(
    options?: MuonOptions | MuonOptions["learningRate"],
    adamBeta1?: MuonOptions["adamBeta1"] | MuonOptions,
    adamBeta2?: MuonOptions["adamBeta2"] | MuonOptions,
    adamWeightDecay?: MuonOptions["adamWeightDecay"] | MuonOptions,
    epsilon?: MuonOptions["epsilon"] | MuonOptions,
    weightDecay?: MuonOptions["weightDecay"] | MuonOptions,
    others?: MuonOptions,
  );
  constructor(...given: unknown[]) {
    const options = placedOptions<MuonOptions>(
      "Muon",
      ["learningRate", "adamBeta1", "adamBeta2", "adamWeightDecay", "epsilon", "weightDecay"],
      given,
    );
    // Before a name is used up: a refused optimizer uses none.
    const { nsSteps, excludeLayers } = options;
    if (typeof nsSteps === "number") integer("Muon", "nsSteps", nsSteps, 0);
    if (isList(excludeLayers)) for (const source of excludeLayers) if (typeof source === "string") pattern(source);
    super(
      {
        className: "Muon",
        rule: "muon",
        learningRate: 0.001,
        weightDecay: 0.004,
        defaults: DEFAULTS,
        ranges: RANGES,
      },
      options,
    );
    this.#excluded = this.excludeLayers.map(pattern);
  }

  /** @internal */
  protected override secondSide({ path, shape }: Variable): boolean {
    if (shape.length !== 2 && !(this.includeConvolutions && shape.length > 2 && shape.length < 6)) return true;
    if (this.excludeEmbeddings && path.toLowerCase().includes("embedding")) return true;
    return this.#excluded.some((excluded) => excluded.test(path));
  }
}

function pattern(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new ValueError(
      "ERR_OPTION_RANGE",
      `Muon: "${argumentName("excludeLayers")}" must have regular expressions: ${(cause as Error).message}.`,
    );
  }
}
