/** The types in each TypeScript and with each way to resolve modules, with lib ES2022 alone, and with lib DOM. */

import { describe, expect, test } from "vitest";
import { project } from "./project.js";

const PROGRAM = `
import { Adam, layers, optimizers, schedules, Sequential, tensor, Variable } from "gradstep";
import * as gradstep from "gradstep";
import { initSync } from "gradstep/slim";
import { offload, type RemoteModel } from "gradstep/worker";
import * as distribute from "gradstep/distribute";
import * as mpi from "gradstep/mpi";
import "gradstep/methods";
import * as saving from "gradstep/saving";
import { setThreads } from "gradstep/threads";
import wasm from "gradstep/gradstep.wasm";

initSync({ module: wasm });
const w: Variable = new Variable([1, 2], { shape: [2], name: "w" });
const learningRate = new schedules.ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.9 });
const count: number = new Adam({ learningRate }).applyGradients([[new Float32Array(2), w]]);
const values: Float32Array = w.array();
const nested: number = tensor([1]).add(2).array().length;
const model = new Sequential([new layers.Dense(1)]);
const remote: Promise<RemoteModel> = offload(model);
// @ts-expect-error An option that does not exist.
new Adam({ learningrate: 0.1 });
export { count, distribute, gradstep, mpi, nested, optimizers, remote, saving, setThreads, values };
`;

const RESOLUTIONS = [
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  ["bundler", "esnext"],
  ["node10", "commonjs"],
] as const;

describe.each(["typescript-5.4", "typescript-5.7", "typescript-6", "typescript-7"])("%s", (host) => {
  // TypeScript 7 has no node10.
  const resolutions = RESOLUTIONS.filter(([name]) => !(host === "typescript-7" && name === "node10"));
  test.each(resolutions)("%s", (moduleResolution, module) => {
    const { run, tool, write } = project(host);
    write(
      "package.json",
      JSON.stringify({ private: true, type: moduleResolution === "node10" ? "commonjs" : "module" }),
    );
    write("types.ts", PROGRAM);
    for (const lib of [["es2022"], ["es2022", "dom"]]) {
      const compilerOptions = {
        target: "es2022",
        lib,
        module,
        moduleResolution,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        types: [],
        ...(moduleResolution === "node10" && host === "typescript-6" ? { ignoreDeprecations: "6.0" } : {}),
      };
      write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["types.ts"] }));
      expect(run(process.execPath, [tool("typescript/bin/tsc"), "-p", "."])).toBe("");
    }
  });
});
