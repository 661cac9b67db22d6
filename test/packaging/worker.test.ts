/** `gradstep/worker`, installed: no handle is left behind, and programs that do not use it have none of its code. */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { tool, useConsumer } from "./consumer.js";

const consumer = useConsumer();

const PROGRAM = `
import { layers, Sequential, setRandomSeed } from "gradstep";
import { offload } from "gradstep/worker";
setRandomSeed(1);
const model = new Sequential([new layers.Dense(1, { inputShape: [2] })]);
model.compile({ optimizer: "sgd", loss: "mse" });
const x = [[1, 2], [3, 4], [5, 6]];
const y = [1, 2, 3];
`;

/** Runs a program, which has a minute to end. */
function ended(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: consumer.path("."),
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

const CYCLES = `${PROGRAM}
const { readdirSync } = await import("node:fs");
// One thread in addition to the pool's: Linux lists threads, elsewhere only handles are counted.
const threads = () => (process.platform === "linux" ? readdirSync("/proc/self/task").length : 0);
const handles = () => process.getActiveResourcesInfo().filter((name) => /Worker|Port/.test(name)).length;
const cycle = async () => {
  const remote = await offload(model);
  await remote.fit(x, y, { callbacks: [{ onEpochEnd() {} }] });
  await remote.dispose();
};
await cycle();
const before = [threads(), handles()];
for (let i = 0; i < 25; i++) await cycle();
console.log(JSON.stringify([before, [threads(), handles()]]));
`;

test("25 workers started and stopped leave no thread, and Node ends", () => {
  const { status, stdout, stderr } = ended(process.execPath, consumer.write("cycles.mjs", CYCLES));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const [[threads, handles], [threadsAfter, handlesAfter]] = JSON.parse(stdout) as [[number, number], [number, number]];
  expect(threadsAfter).toBeLessThanOrEqual(threads);
  expect(handlesAfter).toBeLessThanOrEqual(handles);
});

test("Node ends without dispose too, once no call is pending", () => {
  const program = `${PROGRAM}
const remote = await offload(model);
await remote.fit(x, y);
console.log("done");`;
  expect(ended(process.execPath, consumer.write("idle.mjs", program))).toEqual({
    status: 0,
    stdout: "done\n",
    stderr: "",
  });
});

test.each([[["--input-type=module"]], [["--input-type=module", "--expose-gc"]]])(
  "a program that is given as text starts a thread too, with %j",
  (options) => {
    const program = `${PROGRAM}
const remote = await offload(model);
await remote.fit(x, y);
console.log("done");`;
    expect(ended(process.execPath, ...options, "-e", program)).toEqual({ status: 0, stdout: "done\n", stderr: "" });
  },
);

test("arrays in shared memory are shared: the worker sees later writes", () => {
  const program = `${PROGRAM}
const shared = (values) => {
  const array = new Float32Array(new SharedArrayBuffer(values.length * 4));
  array.set(values);
  return array;
};
const remote = await offload(model);
const [data, labels] = [shared(x.flat()), shared(y)];
const losses = [];
await remote.fit(data, labels, { epochs: 3, shuffle: false, callbacks: [{
  onEpochEnd(epoch, { loss }) {
    losses.push(loss);
    if (epoch === 1) labels.fill(100);
  },
}] });
await remote.dispose();
console.log(losses[2] > losses[1] && losses[1] < losses[0], labels[0], data.length);`;
  const outcome = ended(process.execPath, consumer.write("shared.mjs", program));
  expect(outcome).toEqual({ status: 0, stdout: "true 100 6\n", stderr: "" });
});

test.each([
  ["Deno, with no permission", tool(".bin/deno"), ["run", "--no-prompt", "--no-lock"]],
  ["Bun", tool(".bin/bun"), ["run"]],
])("%s ends after dispose", (_, program, args) => {
  const source = `${PROGRAM}
const remote = await offload(model);
const { epoch } = await remote.fit(x, y, { epochs: 2 });
await remote.dispose();
console.log(JSON.stringify(epoch));`;
  const { status, stdout } = ended(program, ...args, consumer.write("ends.mjs", source));
  expect([status, stdout]).toEqual([0, "[0,1]\n"]);
});

async function bundled(name: string, source: string, format: "esm" | "iife", platform: "browser" | "node") {
  const entry = consumer.write(`${name}.mjs`, source);
  const outfile = consumer.path(`${name}.bundle.mjs`);
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    metafile: true,
    format,
    platform,
    logLevel: "silent",
  });
  return { outfile, inputs: Object.keys(metafile.inputs) };
}

test('`import ... from "gradstep"` has no worker code and no comlink in it', async () => {
  const source = 'import * as gradstep from "gradstep";\nconsole.log(gradstep);';
  const { inputs } = await bundled("plain", source, "esm", "browser");
  expect(inputs.length).toBeGreaterThan(50);
  expect(inputs.filter((path) => /comlink|\/worker\//.test(path))).toEqual([]);
});

test("in a runtime without threads, the model trains on the calling thread, with one warning", async () => {
  const source = `${PROGRAM}
const remote = await offload(model);
const { epoch } = await remote.fit(x, y, { epochs: 2, callbacks: [{ onEpochEnd: (epoch) => console.log(epoch) }] });
await remote.dispose();`;
  const { outfile } = await bundled("single", source, "esm", "node");
  // Node 23.5 has another name for it.
  const [permission = ""] = ["--permission", "--experimental-permission"].filter((flag) =>
    process.allowedNodeEnvironmentFlags.has(flag),
  );
  const options = ["--no-warnings", permission, "--allow-fs-read=*"];
  const { status, stdout, stderr } = ended(process.execPath, ...options, outfile);
  expect([status, stdout]).toEqual([0, "0\n1\n"]);
  expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(/^gradstep: no worker can be started here/)]);
});

test("Vite builds the worker as a separate script", () => {
  consumer.write("page.js", `${PROGRAM}\noffload(model).then((remote) => remote.fit(x, y));`.replace("await ", ""));
  consumer.write("index.html", '<script type="module" src="/page.js"></script>');
  const output = consumer.run(
    process.execPath,
    tool("vite/bin/vite.js"),
    "build",
    "--logLevel",
    "warn",
    "--outDir",
    "vite",
  );
  expect(output).not.toMatch(/error/i);
  const files = readdirSync(consumer.path("vite/assets")).filter((file) => file.endsWith(".js"));
  const [script = "", ...others] = files.filter((file) => file.startsWith("gradstep-worker-"));
  expect(others).toEqual([]);
  const code = readFileSync(consumer.path(`vite/assets/${script}`), "utf8");
  // A classic script, or one whose imports are resolved: nothing is left to find.
  expect(code).not.toMatch(/from\s*["'](?!\.)|#worker|import\(/);
  const page = files
    .filter((file) => file !== script)
    .map((file) => readFileSync(consumer.path(`vite/assets/${file}`), "utf8"));
  expect(page.join("\n")).toContain(script);
});
