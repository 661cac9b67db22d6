export interface Host {
  readonly label: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly megabytes: number;
}
export const hosts: Readonly<Record<string, Host>>;
