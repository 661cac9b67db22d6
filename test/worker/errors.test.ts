/** Errors keep class, code and message on their way. */

import { ArgumentTypeError, DisposedError, ModuleError, OutOfMemoryError, ValueError, WorkerLostError } from "gradstep";
import { offload } from "gradstep/worker";
import { expect, it } from "vitest";
import * as own from "../../ts/errors.js";
import { fromWire, toWire } from "../../ts/worker/data/errors-on-the-wire.js";
import { AnsweringPort, AskingPort } from "../../ts/worker/question-ports.js";
import { otherRealm } from "../support/realm.js";
import { SAMPLES, seededModel, x, y } from "./training.js";

it.each([
  new own.ValueError("ERR_SHAPE", "a shape"),
  new own.ArgumentTypeError("ERR_OPTION_TYPE", "a type"),
  new own.DisposedError("gone", "ERR_STEP_ENDED"),
  new own.OutOfMemoryError(1000, 10),
  new own.ModuleError("ERR_INTERNAL", "a module", { cause: new RangeError("why") }),
  new own.WorkerLostError("lost", 7),
  new TypeError("native"),
  Object.assign(new Error("of Node's"), { code: "ENOENT", name: "SystemError" }),
  new DOMException("stop", "AbortError"),
])("%s", (error) => {
  const back = fromWire(structuredClone(toWire(error)));
  expect(back.constructor).toBe(error.constructor);
  expect(back).toEqual(error);
  expect({ ...back }).toEqual({ ...error });
  expect([back.name, back.message, back.stack, (back as { code?: unknown }).code]).toEqual([
    error.name,
    error.message,
    error.stack,
    (error as { code?: unknown }).code,
  ]);
});

it("errors of another realm keep theirs too", () => {
  const { made } = otherRealm();
  const own = made<Error>("Object.assign(new RangeError('far'), { code: 'ERR_FAR', cause: new TypeError('why') })");
  expect(own).not.toBeInstanceOf(Error);
  const back = fromWire(structuredClone(toWire(own))) as RangeError & { code: string };
  expect(back).toBeInstanceOf(RangeError);
  expect([back.name, back.message, back.code, back.stack]).toEqual(["RangeError", "far", "ERR_FAR", own.stack]);
  expect(back.cause).toEqual(new TypeError("why"));
  for (const [thrown, kind] of [
    [made<Error>("new Error('plain')"), "Error"],
    [made<Error>("new (class Late extends SyntaxError {})('late')"), "SyntaxError"],
    [new DOMException("stop", "AbortError"), "DOMException"],
  ] as const) {
    expect(toWire(thrown)).toMatchObject({ kind, name: thrown.name, message: thrown.message, stack: thrown.stack });
  }
  // An object that only claims to be an error has neither message nor stack.
  expect(toWire({ name: "TypeError", message: "no error" })).toMatchObject({
    kind: "Error",
    message: "[object Object]",
  });
});

it("a failure on the main thread rejects pending and later requests of the worker", async () => {
  const mine = Object.assign(new RangeError("mine"), { code: "ERR_MINE" });
  const far = new AnsweringPort(() => Promise.reject(mine));
  const port = new AskingPort(far.far, () => {});
  const asked = () => port.ask({ kind: "open", source: 0 }).catch((error) => error);
  for (const error of [await asked(), await asked()]) {
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: "mine", code: "ERR_MINE", stack: mine.stack });
  }
  expect(far.failure?.error).toBe(mine);
  port.close();
  far.close();
});

it("a cycle of causes ends, and values other than errors become errors", () => {
  const ring = new Error("ring");
  ring.cause = ring;
  expect(fromWire(structuredClone(toWire(ring))).message).toBe("ring");
  expect(fromWire(toWire("text")).message).toBe("text");
});

it("a model in a worker refuses with the errors of a local model", async () => {
  const [remote, local] = [await offload(seededModel()), seededModel()];
  const refusals: [(model: typeof remote | typeof local) => unknown, unknown][] = [
    [(model) => model.fit(x, y, { epochs: -1 }), ValueError],
    [(model) => model.fit(x, y.subarray(1)), ValueError],
    [(model) => model.fit(x.subarray(1), y), ValueError],
    [(model) => model.fit("data" as never, y), ArgumentTypeError],
    [(model) => model.fit(x, y, { callbacks: {} as never }), ArgumentTypeError],
    [(model) => model.fit(x, y, { callbacks: [1 as never] }), ArgumentTypeError],
    [(model) => model.evaluate(x, y, { callbacks: [null as never] }), ArgumentTypeError],
    [(model) => model.fit(x, y, { callbacks: [1 as never, { onEpochEnd() {} }] }), ArgumentTypeError],
    [(model) => model.fit(() => [1] as never), ArgumentTypeError],
    [(model) => model.evaluate(x, y, { batchsize: 1 } as never), ValueError],
    [(model) => model.predict([[1, 2]]), ValueError],
    [(model) => model.trainOnBatch(x, y, { classWeight: {}, sampleWeight: y }), ValueError],
    [(model) => model.setWeights([[1]]), ValueError],
    [(model) => model.setWeights(1 as never), ArgumentTypeError],
  ];
  for (const [call, kind] of refusals) {
    const refused = async (model: typeof remote | typeof local): Promise<ValueError> => {
      try {
        await call(model);
      } catch (error) {
        return error as ValueError;
      }
      throw new Error(`not refused: ${call}`);
    };
    const [here, there] = [await refused(local), await refused(remote)];
    expect(there, String(call)).toBeInstanceOf(kind);
    expect(`${there.code} ${there.message}`, String(call)).toBe(`${here.code} ${here.message}`);
  }
  expect(await remote.predict(x)).toHaveProperty("shape", [SAMPLES, 1]);
  await remote.dispose();
});

it("the classes are those that a program imports", () => {
  expect([ArgumentTypeError, DisposedError, ModuleError, OutOfMemoryError, ValueError, WorkerLostError]).not.toContain(
    undefined,
  );
  expect(new WorkerLostError("gone", 3)).toMatchObject({
    code: "ERR_WORKER_LOST",
    lastIteration: 3,
    name: "WorkerLostError",
  });
});
