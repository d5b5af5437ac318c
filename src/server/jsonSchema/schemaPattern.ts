/**
 * Compiles the regular expression of a schema. The service uses Java expressions, which allow
 * escapes that JavaScript refuses in Unicode mode (`\-`) and classes that it lacks in the other
 * mode (`\p{L}`).
 *
 * @throws SyntaxError when it is not valid in either mode
 */
export function schemaPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}
