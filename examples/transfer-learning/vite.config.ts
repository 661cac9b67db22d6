import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: here,
  base: "./",
  // In this repository "gradstep" is the folder two levels up; a project that installs the package needs no such line.
  server: { fs: { allow: ["../.."] } },
  build: { target: "es2022" },
});
