// Sums, averages and broadcasts numbers of all types and of many lengths, and reports the bits of all results.

import { tensor, Variable } from "gradstep";
import { MpiGroup } from "gradstep/mpi";
import { report } from "./report.mjs";

const group = await MpiGroup.open();
const { rank, size } = group;

/** Numbers of a rank that any other can make too. */
function numbersOf(of, length, Type) {
  let state = (of + 1) * 2654435761 + length;
  return Type.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    // Of many magnitudes, so that the order of a sum shows in its bits.
    return Type === Int32Array ? state >> 8 : state / 2 ** (16 + ((state >>> 8) % 16));
  });
}

/** Sums, and compares with sums in float64, of numbers that every rank makes for itself. */
function summed(length, Type) {
  const mine = numbersOf(rank, length, Type);
  group.allReduce("sum", mine);
  const sums = new Float64Array(length);
  const most = new Float64Array(length);
  for (let of = 0; of < size; of++) {
    numbersOf(of, length, Type).forEach((number, i) => {
      sums[i] += number;
      most[i] += Math.abs(number);
    });
  }
  const rounding = Type === Float32Array ? 2 ** -24 : Type === Float64Array ? 2 ** -53 : 0;
  mine.forEach((number, i) => {
    if (Math.abs(number - sums[i]) > most[i] * size * rounding)
      throw new Error(`${Type.name}[${i}] is ${number}, not ${sums[i]}`);
  });
  return group.verify(mine);
}

const bits = [];
for (const length of [1, 7, 1000, 20_001]) {
  for (const Type of [Float32Array, Float64Array, Int32Array]) bits.push(summed(length, Type));
}
// MPICH's reduction takes a deep stack.
const long = new Float32Array(1_000_000);
for (let at = 0; at < long.length; at += 20_000) long.set(numbersOf(rank, 20_000, Float32Array), at);
bits.push(group.verify(group.allReduce("sum", long)));

// In WebAssembly memory, where it lies; memory grows between two calls, and moves.
const own = numbersOf(rank, 1000, Float32Array);
const small = new Variable(own);
const before = small.value;
group.allReduce("sum", small);
const isInPlace = before.some((value, i) => value !== own[i]);
const large = Array.from({ length: 4 }, () => new Variable(new Float32Array(1_000_000).fill(rank + 1)));
const isMoved = before.length === 0;
group.allReduce("mean", [small, null, [tensor([rank, 1]), large]]);
bits.push(group.verify([small, large]));

// In a row on all ranks but one, which has done something else in between; and parts of an array, with others' between.
const held = [];
const row = Array.from({ length: 3 }, () => {
  if (rank === size - 1) held.push(new Variable(new Float32Array(100)));
  return new Variable(new Float32Array(16).fill(rank));
});
const array = new Float32Array(12).fill(rank);
group.allReduce("sum", [row[0], array.subarray(0, 4), row[1], row[2], array.subarray(8)]);
const sum = (size * (size - 1)) / 2;
const isSummed =
  row.every((variable) => variable.array().every((value) => value === sum)) &&
  array.every((value, i) => value === (i < 4 || i >= 8 ? sum : rank)) &&
  held.every((variable) => variable.array().every((value) => value === 0));
bits.push(group.verify(row));

const broadcasts = [];
for (const root of new Set([0, size >> 1, size - 1])) {
  const data = new Variable(numbersOf(rank, 1000, Float32Array));
  group.broadcast([data, new Float64Array([rank]), new Int32Array([rank])], root);
  const sent = numbersOf(root, 1000, Float32Array);
  broadcasts.push(data.array().every((value, i) => value === sent[i]) && group.verify(data) > 0);
}

const averages = [...group.allReduce("mean", new Float64Array([rank, 2]))];
const ranks = [...group.exchange(rank * 10 - 5)];
group.barrier();
report(group, { bits, isInPlace, isMoved, isSummed, large: large[3].array()[999_999], averages, ranks, broadcasts });
