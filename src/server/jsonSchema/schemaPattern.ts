/**
 * The regular expression of a schema. The service takes those of Java, which escape more than
 * JavaScript does in its stricter mode (`\-`), and know more than it does in the other (`\p{L}`).
 *
 * @throws SyntaxError when it is none in either
 */
export function schemaPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}
