const jsonFlag = /^--(?:json|ndjson|fields|jq)(?:=|$)/;

/** Whether a command line asks for JSON. It is read before the flags are parsed, to report their errors as JSON too. */
export function impliesJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).some((word) => jsonFlag.test(word));
}
