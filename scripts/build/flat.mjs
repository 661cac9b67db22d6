// The modules of dist/ in a few files, for Node and for pages without a bundler, where each file costs a request. All
// entries of a host share the files, so that there is one copy of the library. Bundlers take the modules.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ENTRIES = {
  index: "index.js",
  slim: "slim.js",
  worker: "worker/index.js",
  distribute: "distribute/index.js",
  mpi: "mpi/index.js",
  saving: "saving/index.js",
  methods: "methods/index.js",
};

/** The conditions by which each host resolves the package's own imports. */
const HOSTS = { node: ["node"], web: ["browser"] };

/** Modules that hold data alone: one copy of them serves the modules and both hosts. */
const DATA = /\/generated\/(bytes|worker-script)\.js$/;

/** The file of a module: the library, the code that unpacks the embedded module, or the code of workers and replicas. */
function chunkOf(dist, id) {
  const name = id.startsWith(`${dist}/`) ? id.slice(dist.length + 1) : "comlink";
  if (Object.values(ENTRIES).includes(name)) return undefined;
  if (/^runtime\/(embedded|unpacked|lzma|text-encoding)\.js$/.test(name)) return "embedded";
  if (/^(comlink|worker\/|distribute\/)/.test(name)) return "workers";
  if (name.startsWith("saving/")) return "files";
  return name.startsWith("mpi/") ? "messages" : "library";
}

/** Writes dist/flat/. */
export async function flatten(dist) {
  // Not at the top: this file is loaded before the npm packages are there.
  const [{ rollup }, { nodeResolve }, { transform }] = await Promise.all([
    import("rollup"),
    import("@rollup/plugin-node-resolve"),
    import("esbuild"),
  ]);
  for (const [host, conditions] of Object.entries(HOSTS)) {
    const folder = join(dist, "flat", host);
    const bundle = await rollup({
      input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(dist, path)])),
      external: (id) => DATA.test(id) || /^(node:|bun:)/.test(id),
      plugins: [nodeResolve({ exportConditions: conditions, preferBuiltins: true }), workersFile(dist)],
      onwarn: (warning) => {
        // Within one file a cycle of modules is what it was before.
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
  shareLibrary(join(dist, "flat"));
}

/** Both hosts have the same library: Node's entries take the pages' copy, which saves 0.14 MB of the tarball. */
function shareLibrary(flat) {
  const [node, web] = [join(flat, "node"), join(flat, "web")];
  const copy = readFileSync(join(node, "library.js"));
  if (!copy.equals(readFileSync(join(web, "library.js")))) throw new Error("The hosts' libraries differ.");
  rmSync(join(node, "library.js"));
  for (const name of readdirSync(node)) {
    const code = readFileSync(join(node, name), "utf8");
    writeFileSync(join(node, name), code.replaceAll('"./library.js"', '"../web/library.js"'));
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

/** Names stay: they are in messages and stacks. */
function minified(transform) {
  return {
    name: "minified",
    renderChunk: async (code) => {
      const options = { target: "es2022", minifyWhitespace: true, minifySyntax: true };
      return { code: (await transform(code, options)).code, map: null };
    },
  };
}
