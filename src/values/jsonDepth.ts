/** No JSON of the service is nested deeper. Functions that call themselves for each level would run out of stack. */
export const deepestJson = 256;

/** Whether a text is nested deeper than any JSON of the service. */
export function isTooDeep(json: string): boolean {
  if (json.length <= 2 * deepestJson) return false;
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (isText) {
      if (code === backslash) at += 1;
      else if (code === quote) isText = false;
    } else if (code === quote) {
      isText = true;
    } else if (code === openBracket || code === openBrace) {
      depth += 1;
      if (depth > deepestJson) return true;
    } else if (code === closeBracket || code === closeBrace) {
      depth -= 1;
    }
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
