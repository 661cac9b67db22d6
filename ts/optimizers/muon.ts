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

/** Options of {@link Muon}. */
export interface MuonOptions extends OptimizerOptions {
  /** AdamW's decay of the first moment; 0 or above, and below 1. Default: 0.9. */
  readonly adamBeta1?: number | undefined;
  /** AdamW's decay of the second moment; 0 or above, and below 1. Default: 0.999. */
  readonly adamBeta2?: number | undefined;
  /** AdamW's weight decay; `weightDecay` is that of the matrices. `null` for none. Default: 0.004. */
  readonly adamWeightDecay?: number | null | undefined;
  /** AdamW's epsilon; 0 or above. Default: 1e-7. */
  readonly epsilon?: number | undefined;
  /** Decoupled weight decay of the matrices; AdamW has `adamWeightDecay`. `null` for none. Default: 0.004. */
  readonly weightDecay?: number | null | undefined;
  /** Regular expressions: AdamW updates variables whose path matches one of them. Default: none. */
  readonly excludeLayers?: readonly string[] | null | undefined;
  /** Whether AdamW updates variables with "embedding" in their path. Default: true. */
  readonly excludeEmbeddings?: boolean | undefined;
  /** Coefficient of X in the iteration. Default: 3.4445. */
  readonly muonA?: number | undefined;
  /** Coefficient of X X' X. Default: -4.775. */
  readonly muonB?: number | undefined;
  /** Coefficient of X X' X X' X. Default: 2.0315. */
  readonly muonC?: number | undefined;
  /** AdamW's learning rate, as a multiple of `learningRate`. Default: 1. */
  readonly adamLrRatio?: number | undefined;
  /** Momentum of the matrices' gradients; from 0 to 1. Default: 0.95. */
  readonly momentum?: number | undefined;
  /** Rounds of the iteration; 0 or above. Default: 5. */
  readonly nsSteps?: number | undefined;
  /** Nesterov's momentum. Default: true. */
  readonly nesterov?: boolean | undefined;
  /** Scale updates to this root mean square, times the learning rate. `null` for no scale. Default: 0.2. */
  readonly rmsRate?: number | null | undefined;
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
};

/**
 * Muon (Jordan 2024): steps of weight matrices are made orthogonal by Newton and Schulz's iteration. All
 * other variables, of another rank than 2, embeddings and those of `excludeLayers`, are left to AdamW.
 *
 * @remarks
 * State: one slot; two for variables that Adam updates. Use it for matrices of hidden layers. Adam updates all other
 * variables, embeddings, and those of `excludeLayers`, with `adamBeta1`, `adamBeta2`, `adamWeightDecay` and
 * `adamLrRatio`.
 *
 * Example: `new Muon({ learningRate: 0.001, excludeLayers: ["head"] })`.
 *
 * @see [Jordan 2024](https://kellerjordan.github.io/posts/muon/)
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
  readonly adamBeta1: number = this.own.adamBeta1;
  /** AdamW's decay of the second moment. */
  readonly adamBeta2: number = this.own.adamBeta2;
  /** AdamW's weight decay, or `null`. */
  readonly adamWeightDecay: number | null = this.own.adamWeightDecay;
  /** AdamW's epsilon. */
  readonly epsilon: number = this.own.epsilon;
  /** Patterns of the paths of variables that AdamW updates. */
  readonly excludeLayers: readonly string[] = this.own.excludeLayers ?? [];
  /** Whether AdamW updates embeddings. */
  readonly excludeEmbeddings: boolean = this.own.excludeEmbeddings;
  /** Coefficient of X. */
  readonly muonA: number = this.own.muonA;
  /** Coefficient of X X' X. */
  readonly muonB: number = this.own.muonB;
  /** Coefficient of X X' X X' X. */
  readonly muonC: number = this.own.muonC;
  /** AdamW's learning rate, as a multiple of the learning rate. */
  readonly adamLrRatio: number = this.own.adamLrRatio;
  /** Momentum of the matrices' gradients. */
  readonly momentum: number = this.own.momentum;
  /** Rounds of the iteration. */
  readonly nsSteps: number = this.own.nsSteps;
  /** Whether Nesterov's momentum is used. */
  readonly nesterov: boolean = this.own.nesterov;
  /** Root mean square of updates, times the learning rate, or `null`. */
  readonly rmsRate: number | null = this.own.rmsRate;
  readonly #excluded: readonly RegExp[];

  /**
   * Muon (Jordan 2024): steps of weight matrices are made orthogonal by Newton and Schulz's iteration.
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
    // Before a name is taken: a refused option takes none.
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
    if (shape.length !== 2) return true;
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
