import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import wasm from "vite-plugin-wasm";

const here = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: here,
  base: "./",
  // Vite 8.1 and newer do not need it; older versions need it to import WebAssembly.
  plugins: [wasm()],
  // In this repository "gradstep" is the folder two levels up; a project that installs the package needs no such line.
  server: { fs: { allow: ["../.."] } },
  build: { target: "es2022" },
});
