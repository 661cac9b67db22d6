/**
 * Loops of any order: values made in the current iteration are readable; later reads are right or refused, never
 * another number. Small values, and those made outside of steps, stay readable.
 */

import fc from "fast-check";
import { expect, it } from "vitest";
import { FORMS, MirroredLoop, OPERATIONS, type Statement } from "../support/mirrored-loop.js";

const place = fc.nat(1000);
const operation: fc.Arbitrary<Statement> = fc.record({
  do: fc.constant("operation" as const),
  name: fc.constantFrom(...(Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])),
  a: place,
  b: place,
});
const single: fc.Arbitrary<Statement> = fc.record({
  do: fc.constantFrom("keep" as const, "metric" as const, "model" as const, "data" as const),
  a: place,
});
const tapeOf = (body: fc.Arbitrary<Statement[]>): fc.Arbitrary<Statement> =>
  fc.record({
    do: fc.constant("tape" as const),
    v: fc.nat(1),
    a: place,
    form: fc.constantFrom(...(Object.keys(FORMS) as (keyof typeof FORMS)[])),
    body,
    ask: fc.constantFrom("at once" as const, "at once" as const, "twice" as const, "late" as const, "never" as const),
    after: fc.constantFrom("step" as const, "step" as const, "assign" as const, "nothing" as const),
  });
const inner = fc.array(fc.oneof(operation, single), { maxLength: 4 });
const tidied = fc.record({
  do: fc.constant("tidy" as const),
  body: fc.array(fc.oneof(operation, single, tapeOf(inner)), { maxLength: 4 }),
});
const other: fc.Arbitrary<Statement> = fc.record({
  do: fc.constantFrom("throw" as const, "late" as const, "moveOut" as const),
});
const tape = tapeOf(fc.array(fc.oneof(operation, single, tidied), { maxLength: 4 }));
const program = fc.array(fc.oneof(operation, single, tape, tape, tidied, other), { minLength: 1, maxLength: 8 });

it.each([3, 100, 5000])("of values of %i numbers", (size) => {
  let [reads, refused] = [0, 0];
  fc.assert(
    fc.property(program, program, fc.integer({ min: 1, max: 6 }), (first, second, turns) => {
      const loop = new MirroredLoop(size);
      // Two bodies by turns: a step of one form between those of another.
      for (let turn = 0; turn < turns; turn++) loop.turn(turn % 3 === 2 ? second : first);
      reads += turns;
      refused += loop.refused;
      loop.dispose();
    }),
    { numRuns: size > 1000 ? 40 : 150 },
  );
  expect(reads).toBeGreaterThan(40);
  if (size > 64) expect(refused).toBeGreaterThan(0);
  else expect(refused).toBe(0);
});
