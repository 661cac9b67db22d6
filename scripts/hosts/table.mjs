// The hosts that `npm test -- hosts` installs, each as an npm project with exactly these versions. `label` is the row of
// docs/hosts.md, `megabytes` what npm unpacks on Linux: 2 GB together.

const node = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

export const hosts = {
  "node-20": { label: "Node 20", packages: { [node]: "20.20.2" }, megabytes: 150 },
  "node-22": { label: "Node 22", packages: { [node]: "22.23.3" }, megabytes: 185 },
  "node-24": { label: "Node 24", packages: { [node]: "24.21.0" }, megabytes: 190 },
  "node-26": { label: "Node 26", packages: { [node]: "26.10.0" }, megabytes: 210 },
  "vite-5": { label: "Vite 5", packages: { vite: "5.4.21" }, megabytes: 19 },
  "vite-6": { label: "Vite 6", packages: { vite: "6.4.6" }, megabytes: 19 },
  "vite-7": { label: "Vite 7", packages: { vite: "7.3.8" }, megabytes: 20 },
  "vite-8": { label: "Vite 8", packages: { vite: "8.4.0" }, megabytes: 36 },
  webpack: { label: "webpack 5", packages: { webpack: "5.113.0" }, megabytes: 38 },
  rspack: { label: "Rspack 2", packages: { "@rspack/core": "2.3.3" }, megabytes: 53 },
  rollup: { label: "Rollup 4", packages: { rollup: "4.68.8", "@rollup/plugin-node-resolve": "16.0.3" }, megabytes: 7 },
  esbuild: { label: "esbuild", packages: { esbuild: "0.28.2" }, megabytes: 12 },
  parcel: { label: "Parcel 2", packages: { parcel: "2.16.4" }, megabytes: 110 },
  next: {
    label: "Next.js 16",
    packages: { next: "16.4.6", react: "19.2.0", "react-dom": "19.2.0" },
    megabytes: 340,
  },
  miniflare: { label: "Cloudflare Workers (workerd)", packages: { miniflare: "4.20260730.0" }, megabytes: 175 },
  "edge-runtime": { label: "Vercel's edge-runtime", packages: { "edge-runtime": "4.0.1" }, megabytes: 3 },
  jest: { label: "Jest 30", packages: { jest: "30.5.2", "jest-environment-jsdom": "30.5.2" }, megabytes: 71 },
  vitest: { label: "Vitest 4 with jsdom", packages: { vitest: "4.1.12", jsdom: "27.0.0" }, megabytes: 67 },
  "typescript-5.4": { label: "TypeScript 5.4", packages: { typescript: "5.4.5" }, megabytes: 32 },
  "typescript-5.7": { label: "TypeScript 5.7", packages: { typescript: "5.7.3" }, megabytes: 23 },
  "typescript-6": { label: "TypeScript 6", packages: { typescript: "6.0.3" }, megabytes: 24 },
  "typescript-7": { label: "TypeScript 7", packages: { typescript: "7.0.2" }, megabytes: 31 },
};
