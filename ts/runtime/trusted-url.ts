/**
 * Addresses of scripts on pages that require Trusted Types.
 *
 * @module
 */

/** The part of Trusted Types that is used. */
interface Policy {
  createScriptURL(url: string): string;
}

let policy: Policy | undefined;

/** `url`, in the form that `new Worker` accepts on pages that require Trusted Types. */
export function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
  try {
    policy ??= trustedTypes?.createPolicy("gradstep", { createScriptURL: (url) => url });
  } catch {
    // The page's policy does not list this name; its default policy may allow the address.
  }
  return policy?.createScriptURL(url) ?? url;
}
