/** Resources that this realm holds, as far as the platform reports them, for tests of growth. */

/** Bytes are those after a garbage collection; 0 if the platform does not report them. */
export interface Holding {
  /** Workers and ports. */
  readonly handles: number;
  readonly heap: number;
  readonly resident: number;
}

interface Platform {
  readonly process?: {
    getActiveResourcesInfo?(): string[];
    memoryUsage?(): { readonly heapUsed: number; readonly rss: number };
  };
  readonly performance: { readonly memory?: { readonly usedJSHeapSize: number } };
  readonly gc?: () => void;
}

export async function holding(): Promise<Holding> {
  const { process, performance, gc } = globalThis as unknown as Platform;
  // Twice, with a turn between them: finalizers run after the first.
  for (let i = 0; i < 2; i++) {
    gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const memory = process?.memoryUsage?.();
  return {
    handles: process?.getActiveResourcesInfo?.().filter((name) => /Worker|Port/.test(name)).length ?? 0,
    heap: memory?.heapUsed ?? performance.memory?.usedJSHeapSize ?? 0,
    resident: memory?.rss ?? 0,
  };
}
