/** A group of replicas in shared memory: its results and refusals. */

import { ReplicaError, Variable } from "gradstep";
import { getReplicaContext, ReplicaGroup, SharedMemoryGroup, setReplicaContext } from "gradstep/distribute";
import { describe, expect, it } from "vitest";
import { thrown } from "../support/refusal.js";
import { onReplicas, valuesOf } from "./replicas.js";

const SIZES = [1, 3, 4, 100, 2048, 2049, 65_536, 65_537, 200_003];

/** The assertions of Vitest take seconds for a few large arrays. */
const isSame = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (value, i) => Object.is(value, b[i]));

describe("allReduce", () => {
  it.each([1, 2, 3, 4])("sums the numbers of %i replicas in the order of their ranks", async (size) => {
    const sums = await valuesOf<Float32Array[]>(
      size,
      `return given.map((length) => group.allReduce("sum",
        Float32Array.from({ length }, (_, i) => ((i * 37 + rank * 101) % 1009) * 0.1 - 30)));`,
      SIZES,
    );
    SIZES.forEach((length, at) => {
      const expected = Float32Array.from({ length }, (_, i) => {
        let sum = Math.fround(((i * 37) % 1009) * 0.1 - 30);
        for (let rank = 1; rank < size; rank++) {
          sum = Math.fround(sum + Math.fround(((i * 37 + rank * 101) % 1009) * 0.1 - 30));
        }
        return sum;
      });
      for (const own of sums) expect(isSame(own[at] as Float32Array, expected)).toBe(true);
    });
  });

  it("takes float64 and int32, small and large", async () => {
    const [first, second] = await valuesOf<[Float64Array, Int32Array][]>(
      2,
      `return given.map((length) => [
        group.allReduce("sum", Float64Array.from({ length }, (_, i) => i / 3 + rank)),
        group.allReduce("sum", Int32Array.from({ length }, (_, i) => i - 5 * rank))]);`,
      [1, 1000, 70_001],
    );
    for (const [doubles, whole] of [...(first ?? []), ...(second ?? [])]) {
      expect(
        isSame(
          doubles,
          doubles.map((_, i) => i / 3 + (i / 3 + 1)),
        ),
      ).toBe(true);
      expect(
        isSame(
          whole,
          whole.map((_, i) => 2 * i - 5),
        ),
      ).toBe(true);
    }
  });

  it("averages, and takes lists of tensors, variables and arrays, in place", async () => {
    const values = await valuesOf<unknown>(
      3,
      `const w = new gradstep.Variable([1 + rank, 2]);
       const t = gradstep.tensor([[rank * 3, 6]]);
       const a = new Float32Array([rank]);
       const data = [w, null, [t, a]];
       const same = group.allReduce("mean", data) === data;
       return [same, ...w.array(), ...t.array(), ...a];`,
    );
    for (const value of values) expect(value).toEqual([true, 2, 2, 3, 6, 1]);
  });

  it("refuses, on all replicas, data of different forms, and continues", async () => {
    const outcomes = await onReplicas(
      2,
      `let told;
       try { group.allReduce("sum", new Float32Array(10 + rank)); } catch (error) { told = [error.code, error.name, error.replica]; }
       return [told, group.allReduce("sum", new Float32Array([rank + 1]))[0]];`,
    );
    for (const { value } of outcomes) expect(value).toEqual([["ERR_REPLICA_MISMATCH", "ReplicaError", 1], 3]);
  });

  it("refuses values other than data", () => {
    const group = getReplicaContext();
    expect(() => group.allReduce("max" as "sum", new Float32Array(1))).toThrow(
      thrown("ValueError", "ERR_OPTION_RANGE", 'allReduce: the operation must be "sum" or "mean", got "max".'),
    );
    expect(() => group.allReduce("sum", "text" as never)).toThrow(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        'allReduce takes a Float32Array, Float64Array, Int32Array, tensor or variable, or a list of them, got "text".',
      ),
    );
    expect(() => group.allReduce("mean", new Int32Array(1))).toThrow(
      thrown("TypeError", "ERR_OPTION_TYPE", 'allReduce: "mean" needs float numbers, got int32.'),
    );
    expect(() => group.broadcast(new Float32Array(1), 1)).toThrow(
      thrown("ValueError", "ERR_OPTION_RANGE", 'broadcast: "root" must be below 1, got 1.'),
    );
  });
});

describe("broadcast, barrier, verify", () => {
  it("gives all the numbers of one", async () => {
    const values = await valuesOf<number[]>(
      3,
      `const large = group.broadcast(new Int32Array(150_000).fill(rank), 2);
       group.barrier();
       const small = group.broadcast([new Float32Array([rank, 7]), new Float64Array([rank / 3])], 1);
       return [...new Set(large), ...small[0], ...small[1]];`,
    );
    for (const value of values) expect(value).toEqual([2, 1, 7, 1 / 3]);
  });

  it("verify gives one checksum to all, and tells who has drifted", async () => {
    const values = await valuesOf<[number, unknown]>(
      3,
      `const sum = group.verify([new Float32Array([1, 2, NaN]), new gradstep.Variable([3])]);
       let told;
       try { group.verify(new Float32Array([rank === 2 ? -0 : 0])); } catch (error) { told = [error.code, error.replica]; }
       return [sum, told];`,
    );
    for (const [sum, told] of values) {
      expect(sum).toBe(values[0]?.[0]);
      expect(sum).toBeGreaterThan(0);
      expect(told).toEqual(["ERR_REPLICA_DRIFT", 2]);
    }
  });
});

describe("no replica waits forever", () => {
  it("for one that has ended", async () => {
    const [left, ...others] = await onReplicas(
      3,
      `if (rank === 0) { group.barrier(); group.close(); group.close(); return "left"; }
       group.barrier();
       group.allReduce("sum", new Float32Array(5));`,
    );
    expect(left).toEqual({ value: "left" });
    for (const { error } of others) {
      expect(error).toMatchObject({ name: "ReplicaError", code: "ERR_REPLICA_LOST", replica: 0 });
      expect(error?.message).toMatch(/Replica 0 of 3 has left/);
    }
  });

  it("for one that does not come", async () => {
    const outcomes = await onReplicas(2, 'if (rank === 1) return "elsewhere"; group.barrier();', null, 200);
    expect(outcomes[0]?.error).toMatchObject({ code: "ERR_REPLICA_LOST", replica: 1 });
    expect(outcomes[0]?.error?.message).toMatch(/waited for 0.2 s/);
  });

  it("for one that fails, and all report the reason", async () => {
    const outcomes = await onReplicas(
      3,
      `if (rank === 1) { group.abort("has no data"); return "gone"; }
       group.exchange(1);`,
    );
    expect(outcomes[1]).toEqual({ value: "gone" });
    for (const rank of [0, 2]) expect(outcomes[rank]?.error?.message).toMatch(/Replica 1 of 3 has no data\./);
  });
});

describe("SharedMemoryGroup", () => {
  it("refuses invalid sizes and ranks", () => {
    expect(() => SharedMemoryGroup.create(0)).toThrow(
      thrown("ValueError", "ERR_OPTION_RANGE", 'SharedMemoryGroup: "size" must be a whole number, 1 or above, got 0.'),
    );
    expect(() => SharedMemoryGroup.create(257)).toThrow(
      thrown("ValueError", "ERR_OPTION_RANGE", "SharedMemoryGroup: at most 256 replicas, got 257."),
    );
    expect(() => SharedMemoryGroup.create(2, { patience: 1 } as never)).toThrow(
      thrown(
        "ValueError",
        "ERR_OPTION_UNKNOWN",
        'SharedMemoryGroup does not know "patience". Its options are: timeout.',
      ),
    );
    expect(() => SharedMemoryGroup.join(SharedMemoryGroup.create(2), 2)).toThrow(
      thrown("ValueError", "ERR_OPTION_RANGE", 'SharedMemoryGroup.join: "rank" must be below 2, got 2.'),
    );
    expect(() => SharedMemoryGroup.join({} as never, 0)).toThrow(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        "SharedMemoryGroup.join takes a result of create(), got an object (Object).",
      ),
    );
  });

  it("says where a thread may not wait", () => {
    const isPage = typeof document !== "undefined";
    const join = () => SharedMemoryGroup.join(SharedMemoryGroup.create(1), 0);
    if (isPage) expect(join).toThrow(/may not wait. Join from a worker/);
    else expect(join().size).toBe(1);
  });
});

describe("the context", () => {
  it("is alone until a group is set", () => {
    const solo = getReplicaContext();
    expect([solo.rank, solo.size]).toEqual([0, 1]);
    const data = new Float32Array([1, 2]);
    expect(solo.allReduce("sum", data)).toBe(data);
    expect(solo.broadcast(data)).toBe(data);
    expect(solo.verify(new Variable([1]))).toBeGreaterThan(0);
    solo.barrier();
    expect(() => setReplicaContext({} as ReplicaGroup)).toThrow(
      thrown(
        "TypeError",
        "ERR_OPTION_TYPE",
        "setReplicaContext takes a ReplicaGroup, or null, got an object (Object).",
      ),
    );
    setReplicaContext(null);
    expect(getReplicaContext()).toBe(solo);
    expect(solo).toBeInstanceOf(ReplicaGroup);
    expect(new ReplicaError("ERR_REPLICA_LOST", "gone", 2).replica).toBe(2);
  });
});
