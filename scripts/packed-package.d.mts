// For the tests, which are TypeScript; the script itself must run before anything is built.

/** Packs dist/ and returns the path of the tarball in `folder`. */
export function packInto(folder: string): string;

/** A new temporary project that has only gradstep installed; returns its folder, which the caller removes. */
export function makeConsumer(): string;
