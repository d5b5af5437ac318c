import { createRequire } from 'node:module';
import { createContext, Script } from 'node:vm';

import type * as Re2 from 're2js';

import { badRequest } from '../kernel/serviceError.js';

/** The regular expression of a schema. */
export interface SchemaPattern {
  /** Whether the expression matches a part of the text. @throws 400 when that takes too long */
  test(text: string): boolean;
  /** A key that is different for different expressions. */
  toString(): string;
}

/** Maximum number of compiled expressions that are kept. */
const maxKept = 500;
const kept = new Map<string, SchemaPattern>();

/**
 * Compiles the regular expression of a schema. RE2 runs it, in time that grows with the length of
 * the text only: with JavaScript, an expression such as `^(a+)+$` of one user would stop the server.
 *
 * RE2 has no lookaround and no references to groups. The service, which uses Java, has both, so such
 * expressions run in JavaScript with a time limit.
 *
 * @throws SyntaxError when it is not valid
 */
export function schemaPattern(pattern: string): SchemaPattern {
  let compiled = kept.get(pattern);
  if (compiled === undefined) {
    compiled = linearPattern(pattern) ?? new TimedPattern(pattern);
    if (kept.size >= maxKept) {
      kept.clear();
    }
    kept.set(pattern, compiled);
  }
  return compiled;
}

/** The expression for RE2; `undefined` when it cannot run it. */
function linearPattern(pattern: string): SchemaPattern | undefined {
  // Loaded at the first use, because most servers have no schemas.
  const { RE2JS, RE2JSException } = createRequire(import.meta.url)('re2js') as typeof Re2;
  try {
    // RE2 writes a code point in another way.
    const compiled = RE2JS.compile(pattern.replace(/\\u([0-9a-fA-F]{4})/g, '\\x{$1}'));
    return {
      test: (text) => compiled.matcher(text).find(),
      toString: () => pattern,
    };
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}

/** Time limit of one match in milliseconds. */
const timeLimit = 100;
const match = new Script('pattern.test(text)');

/** An expression that JavaScript runs. After it was too slow once, it is not run again. */
class TimedPattern implements SchemaPattern {
  readonly #pattern: string;
  readonly #compiled: RegExp;
  #isTooSlow = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#compiled = javaScriptPattern(pattern);
  }

  test(text: string): boolean {
    if (!this.#isTooSlow) {
      try {
        const context = createContext({ pattern: this.#compiled, text });
        return match.runInContext(context, { timeout: timeLimit }) === true;
      } catch {
        // A match fails for no other reason than its time.
        this.#isTooSlow = true;
      }
    }
    throw badRequest(`Matching the pattern ${this.#pattern.slice(0, 200)} takes too long.`);
  }

  toString(): string {
    return this.#pattern;
  }
}

/**
 * Java allows escapes that JavaScript refuses in Unicode mode (`\-`) and classes that it lacks in
 * the other mode (`\p{L}`).
 */
function javaScriptPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}
