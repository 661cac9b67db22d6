/**
 * Steps that are recorded once and replayed, for `compile({ jitCompile })`.
 *
 * The first step of a form, the types and shapes of a batch, runs as usual; the second is recorded: the calls that
 * forward pass, loss and backward pass make of the WebAssembly module, in memory that the recording keeps. Later steps
 * gather their batch into that memory and make the same calls. Metrics and the optimizer run as usual.
 *
 * If a kernel returns another number than it did, as for a label out of range, the step starts again as a usual one and
 * raises the error. A change of what the step depends on drops the recording.
 *
 * @module
 */

import { isRecording } from "../autodiff/record.js";
import { isOfRows } from "../autodiff/row-places.js";
import { ValueError } from "../errors.js";
import { Arena, currentArena, enterArena, leaveArena } from "../runtime/arena.js";
import { CallRecorder, type RecordedCalls } from "../runtime/call-recorder.js";
import { whenFull } from "../runtime/memory.js";
import { refusable } from "../undo.js";
import { type Updates, withUpdatesLast } from "../updates.js";
import type { Batch, PendingBatch } from "./batch.js";
import type { DataChecks } from "./data-checks.js";
import { dependenciesOf, reasonAgainst, type StepParts } from "./recordable.js";
import type { Differentiated } from "./replicated.js";
import type { StepRun } from "./tally.js";
import type { Unchanged } from "./unchanged.js";

/** Recordings that a training keeps. */
const MOST_FORMS = 8;
/** 16 MB in 4-byte values: JavaScript's share of a larger step is too small to be saved. */
const MOST_LENGTH = 1 << 22;
/** Forms that are remembered before they are recorded. */
const MOST_SEEN = 64;
/** Recordings dropped before they had paid, after which no more are made. */
const MOST_WASTED = 16;
/** Replays that pay for a recording. */
const PAYS = 4;

/** The part of a training that recordings need. */
export interface RecordedTraining {
  readonly name: string;
  /** Layers, losses, metrics, optimizer; without losses and metrics before the first batch. */
  readonly parts: StepParts;
  /** Whether layers add losses, whose numbers can be read after the step. */
  readonly addsLosses: boolean;
  /** The factor of the loss, which becomes a part of the recording. */
  readonly scale: number;
  differentiate(batch: Batch, run: StepRun): Differentiated;
  /** Keeps the numbers of added losses, before their memory is freed. */
  settleLosses(): void;
  /** Metrics and update. */
  finish(batch: Batch, made: Differentiated, run: StepRun, size: number): void;
}

/** One recording. */
interface Recorded {
  readonly calls: RecordedCalls;
  readonly arena: Arena;
  readonly batch: Batch;
  readonly made: Differentiated;
  readonly updates: Updates;
  readonly dependencies: Unchanged;
  readonly scale: number;
  /** Number of its last step. */
  used: number;
  replays: number;
}

/** Thrown when a replay differs, inside of this file. */
const DIFFERS = new Error("The replay differs.");

/** Recordings of one training. */
export class RecordedSteps {
  readonly #training: RecordedTraining;
  /** Whether a step that cannot be recorded is an error. */
  readonly #isRequired: boolean;
  readonly #recorded = new Map<string, Recorded>();
  readonly #seen = new Set<string>();
  /** Forms whose steps cannot be recorded. */
  readonly #refused = new Set<string>();
  #steps = 0;
  #wasted = 0;
  /** It is in use: memory of it must stay. */
  #running: Recorded | undefined;
  #isKnown = false;

  constructor(training: RecordedTraining, isRequired: boolean) {
    this.#training = training;
    this.#isRequired = isRequired;
  }

  /** Number of steps that were replayed. For tests. */
  replayed = 0;

  /** One update. @throws as the step does; ValueError (`ERR_NOT_RECORDABLE`) where recording is required */
  train(pending: PendingBatch, run: StepRun): void {
    const { form } = pending;
    if (run.classWeights !== undefined) this.refuseIfRequired("it has class weights");
    if (form === undefined) this.refuseIfRequired("its data are variables");
    // A tape around it records the operations themselves.
    if (form === undefined || run.classWeights !== undefined || isRecording()) this.#usual(pending, run);
    else this.#known(form, pending, run);
  }

  /** A step of a form that may be recorded. */
  #known(form: string, pending: PendingBatch, run: StepRun): void {
    const known = this.#recorded.get(form);
    if (known !== undefined) {
      if (known.scale === this.#training.scale && known.dependencies.holds) {
        this.#replay(known, pending, run);
        return;
      }
      this.#drop(form, known);
    }
    if (!this.#refused.has(form) && this.#wasted < MOST_WASTED) {
      const { parts, addsLosses } = this.#training;
      const reason = addsLosses ? "its layers add losses" : reasonAgainst(parts);
      if (reason !== undefined) {
        this.refuseIfRequired(reason);
        this.#refused.add(form);
      } else if (this.#seen.has(form)) {
        this.#record(form, parts, pending, run);
        return;
      }
    }
    this.#usual(pending, run);
    this.#note(form);
    // Trying would need the memory of two steps.
    if ((currentArena()?.length ?? 0) > MOST_LENGTH) this.#refused.add(form);
  }

  /** Frees all recordings that are not in use. */
  free(): void {
    for (const [form, recorded] of this.#recorded) {
      if (recorded === this.#running) continue;
      this.#recorded.delete(form);
      recorded.arena.free();
    }
  }

  #usual(pending: PendingBatch, run: StepRun): void {
    withUpdatesLast(() => this.#step(pending, run)).write();
  }

  #step(pending: PendingBatch, run: StepRun): void {
    const batch = pending.gather();
    this.#training.finish(batch, this.#training.differentiate(batch, run), run, pending.size);
  }

  #note(form: string): void {
    if (this.#seen.size >= MOST_SEEN) {
      this.#seen.clear();
      this.#refused.clear();
    }
    this.#seen.add(form);
  }

  /** @throws ValueError (`ERR_NOT_RECORDABLE`) where recording is required */
  refuseIfRequired(reason: string): void {
    if (!this.#isRequired) return;
    throw new ValueError(
      "ERR_NOT_RECORDABLE",
      `${this.#training.name}: a training step cannot be recorded: ${reason}. Pass compile({ jitCompile: "auto" }), which records what can be.`,
    );
  }

  #drop(form: string, recorded: Recorded): void {
    this.#recorded.delete(form);
    recorded.arena.free();
    if (recorded.replays < PAYS) this.#wasted++;
  }

  #replay(recorded: Recorded, pending: PendingBatch, run: StepRun): void {
    recorded.used = ++this.#steps;
    const { batch, made } = recorded;
    let isSame = false;
    this.#running = recorded;
    try {
      const updates = withUpdatesLast(() => {
        isSame = isReplayed(recorded, pending);
        if (isSame) this.#finish(batch, made, run, pending.size);
        else this.#step(pending, run);
      });
      if (isSame) recorded.updates.write();
      updates.write();
    } finally {
      this.#running = undefined;
    }
    if (!isSame) return;
    recorded.replays++;
    this.replayed++;
  }

  #finish(batch: Batch, made: Differentiated, run: StepRun, size: number): void {
    run.checks?.seen(made.outputs);
    this.#training.finish(batch, made, run, size);
  }

  #record(form: string, parts: StepParts, pending: PendingBatch, run: StepRun): void {
    const training = this.#training;
    const dependencies = dependenciesOf(parts);
    const { scale } = training;
    const arena = new Arena("scratch");
    let recorder: CallRecorder | undefined;
    let batch: Batch | undefined;
    let made: Differentiated | undefined;
    let isKept = false;
    try {
      const updates = withUpdatesLast(() => {
        enterArena(arena);
        try {
          batch = pending.copy();
          const own = new CallRecorder(arena);
          recorder = own;
          made = own.run(() => training.differentiate(batch as Batch, withPausedChecks(run, own)));
        } finally {
          leaveArena(arena);
        }
        if (training.addsLosses) recorder.decline("its layers add losses");
        // They keep the whole once it was read, whatever a replay writes to the rows.
        if (made.gradients.some(isOfRows)) recorder.decline("a layer has sparseGradient");
        if (recorder.refusal !== undefined) this.refuseIfRequired(recorder.refusal);
        training.finish(batch, made, run, pending.size);
      });
      updates.write();
      const { refusal, calls } = recorder as unknown as CallRecorder;
      if (refusal !== undefined || arena.length > MOST_LENGTH) {
        this.#refused.add(form);
        training.settleLosses();
        return;
      }
      isKept = true;
      this.#keep(form, {
        calls,
        arena,
        batch: batch as unknown as Batch,
        made: made as unknown as Differentiated,
        updates,
        dependencies,
        scale,
        used: ++this.#steps,
        replays: 0,
      });
    } finally {
      if (!isKept) arena.free();
    }
  }

  #keep(form: string, recorded: Recorded): void {
    if (!this.#isKnown) {
      this.#isKnown = true;
      freedWhenFull(this);
    }
    let length = recorded.arena.length;
    for (const { arena } of this.#recorded.values()) length += arena.length;
    while (this.#recorded.size > 0 && (this.#recorded.size >= MOST_FORMS || length > MOST_LENGTH)) {
      const [oldest] = [...this.#recorded].sort(([, a], [, b]) => a.used - b.used) as [[string, Recorded]];
      length -= oldest[1].arena.length;
      this.#drop(...oldest);
    }
    this.#recorded.set(form, recorded);
  }
}

/** False if a kernel found what it had not found before: nothing has changed then. */
function isReplayed({ batch, calls }: Recorded, pending: PendingBatch): boolean {
  try {
    refusable(() => {
      pending.copy(batch);
      if (!calls.again()) throw DIFFERS;
    });
    return true;
  } catch (error) {
    if (error === DIFFERS) return false;
    throw error;
  }
}

/** Checks of data look at whole arrays, once. */
function withPausedChecks(run: StepRun, recorder: CallRecorder): StepRun {
  const { checks } = run;
  if (checks === undefined) return run;
  const paused: Pick<DataChecks, "seen"> = { seen: (outputs) => recorder.paused(() => checks.seen(outputs)) };
  return { ...run, checks: paused as DataChecks };
}

/** Those that have recordings. Weak, so that a model that is dropped can be collected. */
const all = new Set<WeakRef<RecordedSteps>>();

function freedWhenFull(steps: RecordedSteps): void {
  if (typeof WeakRef !== "function") return;
  whenFull(freeAll);
  for (const reference of all) if (reference.deref() === undefined) all.delete(reference);
  all.add(new WeakRef(steps));
}

function freeAll(): void {
  for (const reference of all) reference.deref()?.free();
}
