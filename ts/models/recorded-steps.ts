/**
 * Steps that are recorded once and replayed, for `compile({ jitCompile })`.
 *
 * A form is the types and shapes of a batch. The first step of a form runs as usual. The second is recorded: the calls
 * of forward pass, loss and backward pass into the WebAssembly module, in memory that the recording keeps. Later steps
 * copy their batch into that memory and repeat the calls. Metrics and the optimizer run as usual. Steps of
 * evaluation and prediction, and the shares of replicas, are recorded likewise.
 *
 * If a kernel returns a different number than before, as for a label out of range, the step restarts as a usual step,
 * which throws the error. A change of anything that the step depends on drops the recording.
 *
 * @module
 */

import { isRecording } from "../autodiff/record.js";
import { isOfRows } from "../autodiff/row-places.js";
import { ValueError } from "../errors.js";
import { Arena, currentArena, enterArena, leaveArena } from "../runtime/arena.js";
import { CallRecorder, type RecordedCalls } from "../runtime/call-recorder.js";
import { refusable } from "../undo.js";
import { withUpdatesLast } from "../updates.js";
import type { Batch, PendingBatch } from "./batch.js";
import { type Computed, type Differentiated, isUpdate, type StepKind, usually } from "./computed-step.js";
import type { DataChecks } from "./data-checks.js";
import { freedWhenFull } from "./freed-when-full.js";
import { dependenciesOf, reasonAgainst, type StepParts } from "./recordable.js";
import { KnownForms, MOST_LENGTH, MOST_WASTED, makeRoom, PAYS } from "./recording-limits.js";
import type { Share } from "./share.js";
import type { StepRun } from "./tally.js";
import type { Unchanged } from "./unchanged.js";

/** The part of a training that recordings need. */
export interface RecordedTraining {
  readonly name: string;
  /** Layers, losses, metrics, optimizer; without losses and metrics before the first batch. */
  readonly parts: StepParts;
  /** Whether layers add losses, which can be read after the step. */
  readonly addsLosses: boolean;
  /** The factor of the loss, which becomes part of the recording. */
  scaleOf(kind: StepKind): number;
  /** Everything before metrics and the update, for a batch or a replica's share of one. */
  compute(
    kind: StepKind,
    batch: Batch,
    run: StepRun,
    share: Share | undefined,
    whole: () => Omit<Batch, "x">,
  ): Differentiated;
}

/** One recording. */
interface Recorded extends Computed {
  readonly calls: RecordedCalls;
  readonly arena: Arena;
  readonly dependencies: Unchanged;
  readonly scale: number;
  /** Number of its last step. */
  used: number;
  replays: number;
}

/** Thrown inside this file when a replay differs. */
const DIFFERS = new Error("The replay differs.");

/** Forms of steps of one kind. */
class Forms extends KnownForms {
  readonly recorded = new Map<string, Recorded>();
}

/** Recordings of one training. */
export class RecordedSteps {
  readonly #training: RecordedTraining;
  /** Whether a training step that cannot be recorded is an error. */
  readonly #isRequired: boolean;
  readonly #forms: Readonly<Record<StepKind, Forms>> = {
    train: new Forms(),
    trainWeighted: new Forms(),
    test: new Forms(),
    predict: new Forms(),
  };
  #steps = 0;
  #wasted = 0;
  /** Recordings in use by the running step, whose memory must stay. */
  readonly #running = new Set<Recorded>();
  /** Memory of the running step that belongs to no recording. */
  readonly #left: Arena[] = [];
  #isKnown = false;

  constructor(training: RecordedTraining, isRequired: boolean) {
    this.#training = training;
    this.#isRequired = isRequired;
  }

  /** Number of replayed steps, for tests. */
  readonly replays: Record<StepKind, number> = { train: 0, trainWeighted: 0, test: 0, predict: 0 };

  /**
   * Computes a step of a batch, or of a replica's share of it. {@link RecordedSteps.settle} ends it.
   *
   * @throws as the step does; ValueError (`ERR_NOT_RECORDABLE`) where recording is required
   */
  compute(kind: StepKind, pending: PendingBatch, run: StepRun, share?: Share): Computed {
    const form = formOf(pending, share);
    if (form === undefined) this.#unrecorded(kind, "its data are variables");
    // An enclosing tape records the operations themselves.
    if (form === undefined || isRecording()) return this.#usual(kind, pending, run, share);
    const forms = this.#forms[kind];
    const known = forms.recorded.get(form);
    if (known !== undefined) {
      if (known.scale === this.#training.scaleOf(kind) && known.dependencies.holds) {
        return this.#replayed(kind, known, pending, run, share);
      }
      this.#drop(forms, form, known);
    }
    if (!forms.refused.has(form) && this.#wasted < MOST_WASTED) {
      const { parts, addsLosses } = this.#training;
      const reason = addsLosses ? "its layers add losses" : reasonAgainst(parts);
      if (reason !== undefined) {
        this.#unrecorded(kind, reason);
        forms.refused.add(form);
      } else if (forms.seen.has(form)) return this.#record(kind, form, parts, pending, run, share);
    }
    const computed = this.#usual(kind, pending, run, share);
    forms.note(form);
    // An attempt would need the memory of two steps.
    if ((currentArena()?.taken ?? 0) > MOST_LENGTH) forms.refused.add(form);
    return computed;
  }

  /** Ends a step, successful or not: its memory may be freed. */
  settle(): void {
    this.#running.clear();
    for (const arena of this.#left.splice(0)) arena.free();
  }

  /** Frees all recordings that are not in use. */
  free(): void {
    for (const { recorded } of Object.values(this.#forms)) {
      for (const [form, one] of recorded) {
        if (this.#running.has(one)) continue;
        recorded.delete(form);
        one.arena.free();
      }
    }
  }

  #usual(kind: StepKind, pending: PendingBatch, run: StepRun, share: Share | undefined): Computed {
    return usually(pending, share, (batch) => this.#training.compute(kind, batch, run, share, () => pending.labels()));
  }

  #unrecorded(kind: StepKind, reason: string): void {
    if (isUpdate(kind)) this.refuseIfRequired(reason);
  }

  /** @throws ValueError (`ERR_NOT_RECORDABLE`) where recording is required */
  refuseIfRequired(reason: string): void {
    if (!this.#isRequired) return;
    throw new ValueError(
      "ERR_NOT_RECORDABLE",
      `${this.#training.name}: a training step cannot be recorded: ${reason}. Pass compile({ jitCompile: "auto" }), which records what can be.`,
    );
  }

  #drop(forms: Forms, form: string, recorded: Recorded): void {
    forms.recorded.delete(form);
    recorded.arena.free();
    if (recorded.replays < PAYS) this.#wasted++;
  }

  #replayed(
    kind: StepKind,
    recorded: Recorded,
    pending: PendingBatch,
    run: StepRun,
    share: Share | undefined,
  ): Computed {
    recorded.used = ++this.#steps;
    this.#running.add(recorded);
    if (!isReplayed(recorded, pending, share)) return this.#usual(kind, pending, run, share);
    run.checks?.seen(recorded.made.outputs);
    recorded.replays++;
    this.replays[kind]++;
    return recorded;
  }

  #record(
    kind: StepKind,
    form: string,
    parts: StepParts,
    pending: PendingBatch,
    run: StepRun,
    share: Share | undefined,
  ): Computed {
    const training = this.#training;
    const dependencies = dependenciesOf(parts);
    const scale = training.scaleOf(kind);
    const arena = new Arena("scratch");
    this.#left.push(arena);
    let recorder: CallRecorder | undefined;
    let batch: Batch | undefined;
    let made: Differentiated | undefined;
    const updates = withUpdatesLast(() => {
      enterArena(arena);
      try {
        const copy = copied(pending, share);
        batch = copy;
        const own = new CallRecorder(arena);
        recorder = own;
        const whole = () => pending.labels();
        made = own.run(() => training.compute(kind, copy, withPausedChecks(run, own), share, whole));
      } finally {
        leaveArena(arena);
      }
      if (training.addsLosses) recorder.decline("its layers add losses");
      // They keep the whole array once it was read, whatever a replay writes to the rows.
      if (made.gradients.some(isOfRows)) recorder.decline("a layer has sparseGradient");
      if (recorder.refusal !== undefined) this.#unrecorded(kind, recorder.refusal);
    });
    const computed = { batch: batch as unknown as Batch, made: made as unknown as Differentiated, updates };
    const { refusal, calls } = recorder as unknown as CallRecorder;
    const forms = this.#forms[kind];
    if (refusal !== undefined || arena.length > MOST_LENGTH) {
      forms.refused.add(form);
      return computed;
    }
    this.#left.pop();
    this.#keep(forms, form, { ...computed, calls, arena, dependencies, scale, used: ++this.#steps, replays: 0 });
    return computed;
  }

  #keep(forms: Forms, form: string, made: Recorded): void {
    if (!this.#isKnown) {
      this.#isKnown = true;
      freedWhenFull(this);
    }
    this.#running.add(made);
    const all = Object.values(this.#forms).flatMap((forms) =>
      [...forms.recorded].map(([form, recorded]) => ({
        arena: recorded.arena,
        used: recorded.used,
        isInUse: this.#running.has(recorded),
        drop: () => this.#drop(forms, form, recorded),
      })),
    );
    makeRoom(made.arena.length, all);
    forms.recorded.set(form, made);
  }
}

/** Types and shapes of a batch or share, and everything else that the calls depend on. */
function formOf({ form }: PendingBatch, share: Share | undefined): string | undefined {
  if (form === undefined || share === undefined) return form;
  const { start, count, fraction, hasPenalties } = share;
  return `${form} from ${start}: ${count}, ${fraction}, ${hasPenalties}`;
}

function copied(pending: PendingBatch, share: Share | undefined, into?: Batch): Batch {
  return share === undefined ? pending.copy(into) : pending.copy(into, share.start, share.start + share.count);
}

/** False if a kernel's result differs; then nothing has changed. */
function isReplayed({ batch, calls }: Recorded, pending: PendingBatch, share: Share | undefined): boolean {
  try {
    refusable(() => {
      copied(pending, share, batch);
      if (!calls.again()) throw DIFFERS;
    });
    return true;
  } catch (error) {
    if (error === DIFFERS) return false;
    throw error;
  }
}

/** Whole arrays are checked only once. */
function withPausedChecks(run: StepRun, recorder: CallRecorder): StepRun {
  const { checks } = run;
  if (checks === undefined) return run;
  const paused: Pick<DataChecks, "seen"> = { seen: (outputs) => recorder.paused(() => checks.seen(outputs)) };
  return { ...run, checks: paused as DataChecks };
}
