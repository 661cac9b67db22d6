// What the gradient of a sequence takes that is read part by part: a buffer for each part would be many times more.

import { GradientTape, memoryUse, ops, Variable } from "../../dist/index.js";

const SHAPE = [64, 120, 64];
const PARTS = {
  split: (x) => ops.split(x, SHAPE[1], 1),
  slice: (x) => Array.from({ length: SHAPE[1] }, (_, i) => ops.slice(x, [0, i, 0], [SHAPE[0], 1, SHAPE[2]])),
  take: (x) => Array.from({ length: SHAPE[1] }, (_, i) => ops.take(x, [i], 1)),
};

/** Memory in use after the gradient, as a multiple of the sequence's: of the way to take parts that needs most. */
export function sequenceMemory() {
  const x = new Variable(new Float32Array(SHAPE.reduce((a, b) => a * b)), { shape: SHAPE });
  const multiples = Object.values(PARTS).map((partsOf) => {
    const { inUse } = memoryUse();
    const tape = new GradientTape();
    const loss = tape.run(() => ops.sum(partsOf(x).reduce((sum, part) => ops.add(sum, ops.square(part)), 0)));
    tape.gradient(loss, x);
    return (memoryUse().inUse - inUse) / (x.size * 4);
  });
  x.dispose();
  return Math.max(...multiples);
}
