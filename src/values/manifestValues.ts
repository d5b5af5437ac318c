/** `true` or `false` in any case; anything else is not a boolean. */
export function parseBoolean(text: unknown): boolean | undefined {
  if (typeof text !== 'string') return undefined;
  return { true: true, false: false }[text.toLowerCase()];
}

/** Whether a manifest may name a file so: letters and digits of any script, and ``_-+.()` `` and spaces. */
export function isManifestFileName(name: string): boolean {
  return /^[`\p{L}\p{N}_ \-+.()]{1,256}$/u.test(name);
}
