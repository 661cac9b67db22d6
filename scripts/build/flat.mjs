// The modules of dist/ in a few files, for hosts that load files one by one: Node, Deno, Bun, and pages without a bundler.
// All entries of a host share the files, so there is one copy of the library. Bundlers use the modules.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MINIFIED } from "./minified.mjs";

const ENTRIES = {
  index: "index.js",
  slim: "slim.js",
  worker: "worker/index.js",
  distribute: "distribute/index.js",
  mpi: "mpi/index.js",
  saving: "saving/index.js",
  methods: "methods/index.js",
  tfjs: "tfjs/index.js",
  jax: "jax/index.js",
  threads: "threads/index.js",
};

/** The conditions by which each host resolves the package's own imports. */
const HOSTS = { web: ["browser"], node: ["node"], deno: ["deno"], bun: ["bun"] };

/** Files that several entries share, each after the files that it imports. */
const SHARED = ["library", "embedded", "workers", "files", "messages"];

/** Modules that only contain data: the modules and both hosts share one copy. */
const DATA = /\/generated\/(bytes|threads-bytes|worker-script)\.js$/;

/** The file of a module: the library, the code that unpacks the embedded module, or the code of workers and replicas. */
function chunkOf(dist, id) {
  const name = id.startsWith(`${dist}/`) ? id.slice(dist.length + 1) : "comlink";
  if (Object.values(ENTRIES).includes(name)) return undefined;
  // Adapters stay in their entries: they import packages that few users have. So do threads, with a second module.
  if (/^(tfjs|jax|threads)\//.test(name)) return undefined;
  if (/^runtime\/(embedded|unpacked|lzma|text-encoding)\.js$/.test(name)) return "embedded";
  if (/^(comlink|worker\/|distribute\/)/.test(name)) return "workers";
  if (name.startsWith("saving/")) return "files";
  return name.startsWith("mpi/") ? "messages" : "library";
}

/** Writes dist/flat/. */
export async function flatten(dist) {
  // Not at the top: this file is loaded before the npm packages are installed.
  const [{ rollup }, { nodeResolve }, { transform }] = await Promise.all([
    import("rollup"),
    import("@rollup/plugin-node-resolve"),
    import("esbuild"),
  ]);
  for (const [host, conditions] of Object.entries(HOSTS)) {
    const folder = join(dist, "flat", host);
    const bundle = await rollup({
      input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(dist, path)])),
      external: (id) => DATA.test(id) || /^(node:|bun:|@tensorflow\/|@jax-js\/)/.test(id),
      plugins: [nodeResolve({ exportConditions: conditions, preferBuiltins: true }), workersFile(dist)],
      onwarn: (warning) => {
        // Within one file, a cycle of modules behaves as before.
        if (warning.code !== "CIRCULAR_DEPENDENCY") throw new Error(`Rollup: ${warning.message}`);
      },
    });
    await bundle.write({
      dir: folder,
      format: "es",
      chunkFileNames: "[name].js",
      manualChunks: (id) => chunkOf(dist, id),
      paths: (id) => id.replace(/.*(?=\/runtime\/generated\/)/, "../.."),
      plugins: [minified(transform)],
    });
    await bundle.close();
  }
  shareFiles(join(dist, "flat"));
}

/** A file that an earlier host has too is written once: later hosts import that copy, which keeps the tarball small. */
function shareFiles(flat) {
  const owners = new Map();
  for (const host of Object.keys(HOSTS)) {
    const moved = {};
    const linked = (name, folderOf) =>
      readFileSync(join(flat, host, `${name}.js`), "utf8").replaceAll(
        /(from|import) ?"\.\/(\w+)\.js"/g,
        (all, word, file) => (folderOf(file) ? `${word}"../${folderOf(file)}/${file}.js"` : all),
      );
    for (const name of SHARED) {
      // By folder, because a host's copies import each other as siblings.
      const key = `${name} ${linked(name, (file) => moved[file] ?? host)}`;
      const owner = owners.get(key) ?? host;
      owners.set(key, owner);
      if (owner === host) continue;
      moved[name] = owner;
      rmSync(join(flat, host, `${name}.js`));
    }
    for (const name of readdirSync(join(flat, host))) {
      const path = join(flat, host, name);
      if (name.endsWith(".js"))
        writeFileSync(
          path,
          linked(name.slice(0, -3), (file) => moved[file]),
        );
    }
  }
}

/** The worker's script stays where it is. */
function workersFile(dist) {
  return {
    name: "workers-file",
    transform(code, id) {
      if (!id.startsWith(join(dist, "worker/hosts/host-"))) return null;
      const moved = code.replace(/"\.\.\/(gradstep-worker[\w-]*\.js)"/, '"../../worker/$1"');
      if (moved === code) throw new Error(`${id} names no script of a worker.`);
      return { code: moved, map: null };
    },
  };
}

function minified(transform) {
  return {
    name: "minified",
    renderChunk: async (code) => ({ code: (await transform(code, MINIFIED)).code, map: null }),
  };
}
