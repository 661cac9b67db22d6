/**
 * Defaults in the comments of options that Keras lacks, against the behaviour of objects without them; the others are
 * compared with Keras's in keras-arguments.test.ts. Node only: it reads the comments.
 */

import { describe, expect, it } from "vitest";
import { GradientTape, layers, Model, ops, Sequential, Variable } from "../../ts/index.js";
import { SharedMemoryGroup } from "../../ts/replicas/shared-memory-group.js";
import { defaultIn } from "./default-in-comment.js";
import { publicSignatures } from "./public-signatures.js";

const w = new Variable([3], { name: "w" });

/** Whether the tape records a variable that was not passed to `watch`. */
function watches(): boolean {
  const tape = new GradientTape();
  tape.run(() => ops.square(w));
  return tape.watchedVariables().length === 1;
}

function unconnected(): unknown {
  const tape = new GradientTape();
  const y = tape.run(() => ops.square(w));
  return tape.gradient(y, new Variable([1])) === null ? "none" : "zero";
}

function isPersistent(): boolean {
  const tape = new GradientTape();
  const y = tape.run(() => ops.square(w));
  tape.gradient(y, w);
  try {
    tape.gradient(y, w);
    return true;
  } catch {
    return false;
  }
}

/** Effective values of options that are not set. */
const ROWS: Readonly<Record<string, () => unknown>> = {
  "GradientTape: persistent": isPersistent,
  "GradientTape: watchAccessedVariables": watches,
  "GradientTape.gradient: unconnectedGradients": unconnected,
  "Variable: trainable": () => new Variable([1]).trainable,
  "Sequential: trainable": () => new Sequential().trainable,
  "Model: trainable": () => {
    const input = layers.Input({ shape: [1] });
    return new Model({ inputs: input, outputs: input }).trainable;
  },
  // The strategy starts such a group.
  "MirroredStrategy: timeout": () => SharedMemoryGroup.create(1).timeout,
};

const found: ReadonlyMap<string, unknown> = new Map(
  ["ts/index.ts", "ts/distribute/index.ts"].flatMap((entry) =>
    [...publicSignatures(entry)].flatMap(([path, { options }]) =>
      [...options].map(([name, { comment }]) => [`${path}: ${name}`, defaultIn(comment)] as [string, unknown]),
    ),
  ),
);

const isValue = (found: unknown) => typeof found === "object" && found !== null && "value" in found;

describe("defaults in comments, of options that Keras lacks", () => {
  it.each(Object.entries(ROWS))("%s", (name, actual) => {
    expect(found.get(name)).toEqual({ value: actual() });
  });

  it("of tapes and variables, all", () => {
    const ours = [...found].filter(([name, value]) => /^(GradientTape|Variable)\b/.test(name) && isValue(value));
    expect(ours.map(([name]) => name).filter((name) => !(name in ROWS))).toEqual([]);
  });
});
