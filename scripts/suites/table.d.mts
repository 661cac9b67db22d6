export interface Suite {
  readonly question: string;
  readonly minutes: number;
  readonly named?: boolean;
  readonly project?: string;
  readonly paths?: readonly string[];
  readonly without?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}
export const suites: Readonly<Record<string, Suite>>;
export const everywhere: readonly string[];
export const workers: readonly string[];
export const byDefault: readonly string[];
export const all: readonly string[];
export interface Part {
  readonly isolate: boolean;
  readonly paths: readonly string[];
  readonly without: readonly string[];
}
export function isIn(path: string, paths: readonly string[]): boolean;
export function partsOf(suite: Suite): readonly Part[];
