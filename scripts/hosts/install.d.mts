/** Returns the folder of an installed host, and installs it if it is not there; throws with npm's output if that fails. */
export function installHost(name: string): string;
