/**
 * An error about an argument names the class or function and the argument. The arguments are Keras's, and the test
 * walks every public class and function, so new ones are covered.
 */

import { describe, expect, it } from "vitest";
import { layers, Sequential } from "../../ts/index.js";
import { fromKeras } from "../../ts/keras-names.js";
import { kerasArguments } from "../support/keras-signatures.js";
import { optionCalls } from "../support/option-calls.js";
import { type AnyClass, CLASSES_WITH_OPTIONS, NEEDED, neededOf } from "../support/public-classes.js";
import { PUBLIC_FUNCTIONS } from "../support/public-functions.js";

/** Values of every kind: hardly an argument takes more than half of them. */
const BAD: readonly unknown[] = [Number.NaN, 7.5, -3, "qqq", true, {}, [[]], Symbol.iterator];

/** Objects of another family, which that family's registry refuses: test/errors has what they say. */
const OF_REGISTRIES = /^(No \w+ is called "|\w+\.(get|deserialize)\b)/;

/** The message of the error that `call` throws. */
function refusalOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Messages of functions without options, which count arguments. */
const COUNTED = / takes (no arguments|one argument|at most \d+ arguments), got \d+\.$/;

/**
 * Expects each refusal to begin with `name`, perhaps with what the object is called (which is enough where Keras's config
 * has something that we have not), and to have one of these arguments, or
 * an entry of it, in quotes.
 */
function expectNamed(name: string, names: readonly string[], call: (bad: unknown) => unknown): number {
  let refused = 0;
  for (const bad of BAD) {
    const message = refusalOf(() => call(bad));
    if (message === undefined || OF_REGISTRIES.test(message)) continue;
    refused++;
    expect(message).toMatch(
      new RegExp(`^(${name}( "[^"]*")?(: | takes | does not know )|"[^"]*": "[a-z_]+" can only be )`),
    );
    const argument = `(${names.join("|")})(\\[\\d+\\])*`;
    // Of validation data that are samples, what is in them is named: `fit: validationData: "x" ...`.
    if (!COUNTED.test(message)) expect(message).toMatch(new RegExp(`"${argument}"|: ${argument}: `));
  }
  return refused;
}

/** Keras's arguments but `*args` and `**kwargs`, and one that there is not. */
const argumentsOf = (path: string) => [
  ...(kerasArguments(path) ?? []).map(([name]) => String(name)).filter((name) => !name.startsWith("*")),
  "zzz",
];

describe("a constructor names its class and the argument", () => {
  it.each(CLASSES_WITH_OPTIONS)("%s", (path, name, made) => {
    const { before, own } = neededOf(name);
    const { className = name } = made as AnyClass & { className?: string };
    const said = className === "Functional" ? "Model" : className;
    for (const key of argumentsOf(path)) {
      const argument = fromKeras(key);
      const refused = expectNamed(said, [argument], (bad) => new made(...before, { ...own, [argument]: bad }));
      if (argument === "zzz") expect(refused).toBe(BAD.length);
    }
  });

  // Models have configs of layers, not of arguments; functions have none.
  const unlike = /^(Model|Sequential|layers\.Lambda|losses\.FunctionLoss|metrics\.MeanMetricWrapper)$/;
  const saved = CLASSES_WITH_OPTIONS.filter(([path, , made]) => "fromConfig" in made && !unlike.test(path));
  it.each(saved)("%s, from a config", (_, name, made) => {
    const { fromConfig } = made as AnyClass & { fromConfig(config: object): object };
    const config = (new made(...(NEEDED[name] ?? [])) as { getConfig(): Record<string, unknown> }).getConfig();
    const { className = name } = made as AnyClass & { className?: string };
    for (const key of Object.keys(config)) {
      expectNamed(className, [key], (bad) => fromConfig.call(made, { ...config, [key]: bad }));
    }
  });
});

describe("a function names itself and the argument", () => {
  it.each(PUBLIC_FUNCTIONS)("%s", (path, call, row) => {
    const [required] = row as NonNullable<typeof row>;
    const optional = argumentsOf(path).slice(required.length).map(fromKeras);
    for (const argument of [...optional, "zzz"]) {
      expectNamed(call.name, argument === "axes" ? ["axes", "axis"] : [argument], (bad) =>
        call(...required, { [argument]: bad }),
      );
    }
  });
});

describe("a method names itself and the option", () => {
  const dense = new layers.Dense(1, { inputShape: [1], name: "dense" });
  const model = new Sequential([dense], { name: "model" });
  model.compile({ optimizer: "sgd", loss: "mse" });
  /** Beginnings of messages that differ from the method's name. */
  const owners: Readonly<Record<string, string>> = {
    predictAll: "predict",
    "layer.apply": "Dense",
    "model.apply": "Sequential",
    Input: "InputLayer",
    excludeFromWeightDecay: "sgd(_\\d+)?\\.excludeFromWeightDecay",
  };
  const calls = optionCalls({ dense, model });

  it.each(Object.entries(calls))("%s", async (method, call) => {
    const said = async (options: object) => {
      try {
        await call(options as never);
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    const owner = owners[method] ?? method;
    const known = / does not know "zzz"\. Its options are: (.*)\.$/
      .exec((await said({ zzz: 1 })) ?? "")?.[1]
      ?.split(", ");
    expect(known).toBeDefined();
    // Faults of an output gradient, or of one of the callbacks, are described without the option's name.
    for (const option of [...(known ?? []), "zzz"].filter((option) => !/^(outputGradients|callbacks)$/.test(option))) {
      const messages = new Map<unknown, string | undefined>();
      for (const bad of BAD) messages.set(bad, await said({ [option]: bad }));
      const refused = expectNamed(owner, [option, "batchShape"], (bad) => {
        const message = messages.get(bad);
        if (message !== undefined) throw new Error(message);
      });
      const isOfRegistry = /^(optimizer|loss|initializer|regularizer|constraint)$/.test(option);
      if (!isOfRegistry) expect(refused, option).toBeGreaterThan(0);
    }
  });
});
