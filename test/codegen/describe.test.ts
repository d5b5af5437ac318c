import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { describeDeclarations } from '../../codegen/describeDeclarations.js';
import type { Description } from '../../codegen/description.js';
import { readPinned } from '../../codegen/importDescription.js';
import type { NamesLock } from '../../codegen/names.js';
import { GENERATED, readInputs } from '../../codegen/pipeline.js';
import { proseOf } from '../../codegen/prose.js';
import type { Prose } from '../../codegen/prose.js';
import { renderHtml } from '../../codegen/renderHtml.js';
import { answering, describing, operation, parameter } from './tiny.js';

const bracketed = (placeholder: string, text: string): string => `[${placeholder}|${text}]`;

describe('HTML as text of a doc comment', () => {
  test.each([
    ['one\n      line', 'one line'],
    ['see <a href="https://a.org/x">the page</a>', 'see [the page](https://a.org/x)'],
    ['see <a href="https://a.org/x">https://a.org/x</a>', 'see https://a.org/x'],
    ['see <a href="#local">there</a>', 'see there'],
    ['a <a href="${org.Thing}">Thing</a>', 'a [org.Thing|Thing]'],
    ['the ,<a href="${org.Thing}">,Thing,</a>,, that', 'the [org.Thing|Thing], that'],
    ['URL: ,<,ahref="${org.Token}",>,Token,</a>', 'URL: [org.Token|Token]'],
    ['mask: ,<ul>, ,<li>, A = 1 ,</li>, ,<li>, B = 2 ,</li>, ,</ul>,', 'mask:\n- A = 1\n- B = 2'],
    [
      'of <a href="https://a.org/x">one</a>, <b>two</b>,<i>three</i>',
      'of [one](https://a.org/x), two,three',
    ],
    ['types: (type=,<mask_hex>,): File=0x01', 'types: (type=<mask_hex>): File=0x01'],
    ['first<p>second</p>third<br>fourth', 'first\n\nsecond\n\nthird\nfourth'],
    ['like ,<pre class="x">,ids=1,2,</pre>,', 'like `ids=1,2`'],
    ['a <b>bold</b> one, e.g. drs://<hostname>/<id>', 'a bold one, e.g. drs://<hostname>/<id>'],
    ['a &lt; b &amp; c&#47;d', 'a < b & c/d'],
    ['ends */ here', 'ends *\\/ here'],
  ])('%j', (html, text) => {
    expect(renderHtml(html, bracketed)).toBe(text);
  });
});

test('prose is found by short names', () => {
  const get = operation(answering({ type: 'boolean' }));
  get.responses['200'] = { description: 'Auto-generated description' };
  get.parameters = [
    { ...parameter('path', 'string'), description: 'See <a href="${POST.thing.id.part}">POST</a>' },
    parameter('query', 'string', 'q'),
  ];
  const description = describing(
    { '/repo/v1/thing/{id}': { get } },
    {
      'a.Thing': {
        description: 'Made of <a href="${a.Part}">Part</a>',
        properties: { size: { description: 'In a <a href="${a.Part}">part</a>' } },
      },
      'a.Part': {},
    },
  );
  const lock: NamesLock = {
    operations: { 'GET /repo/v1/thing/{id}': 'thing.getThing' },
    types: { 'a.Thing': 'Thing', 'a.Part': 'Part' },
  };
  const prose = proseOf(description, lock, 'M.');
  expect([...prose.types]).toEqual([['Thing', 'Made of {@link M.Part}']]);
  expect([...prose.properties]).toEqual([['Thing.size', 'In a {@link M.Part | part}']]);
  expect([...prose.parameters]).toEqual([
    ['thing.getThing.id', 'See [POST](https://rest-docs.synapse.org/rest/POST/thing/id/part.html)'],
  ]);
  expect([...prose.answers]).toEqual([]);
});

test('prose is written into comments or becomes new ones', () => {
  const prose: Prose = {
    types: new Map([['Thing', 'A thing.\n\nOf sorts.']]),
    properties: new Map([['Thing.size', 'In metres.']]),
    answers: new Map([['thing.getThing', 'the thing']]),
    parameters: new Map([['thing.getThing.id', 'Its id.']]),
  };
  const declarations = `
/**
 * \`a.Thing\`
 *
 * Remark.
 * @see https://a.org
 */
export interface Thing {
    size?: number;
    name?: string;
}
export interface ThingService {
    /** \`GET /thing/{id}\` */
    getThing(args: {
        id: string;
        body: Thing;
    }): Promise<Thing>;
}
export interface GETs {
    /**
     * \`thing.getThing\`
     * @see https://a.org
     */
    '/thing/{id}': {
        path: {
            id: string;
        };
    };
}
`;
  expect(describeDeclarations(declarations, prose)).toBe(`
/**
 * \`a.Thing\`
 *
 * Remark.
 *
 * A thing.
 *
 * Of sorts.
 * @see https://a.org
 */
export interface Thing {
    /** In metres. */
    size?: number;
    name?: string;
}
export interface ThingService {
    /**
     * \`GET /thing/{id}\`
     * @returns the thing
     */
    getThing(args: {
        /** Its id. */
        id: string;
        body: Thing;
    }): Promise<Thing>;
}
export interface GETs {
    /**
     * \`thing.getThing\`
     * @see https://a.org
     */
    '/thing/{id}': {
        path: {
            /** Its id. */
            id: string;
        };
    };
}
`);
});

test('the published declarations are described within the budget', async () => {
  const published = JSON.parse((await readPinned()).text) as Description;
  const { lock } = await readInputs();
  let size = 0;
  for (const name of ['models', 'rest', 'services', 'schema', 'jobs', 'pages']) {
    const source = await readFile(new URL(`${name}.ts`, GENERATED), 'utf8');
    const declarations = ts.transpileDeclaration(source, { fileName: `${name}.ts` }).outputText;
    const prose = proseOf(published, lock, name === 'models' ? '' : 'M.');
    const described = describeDeclarations(declarations, prose);
    const { diagnostics } = ts.transpileModule(described, {
      fileName: `${name}.ts`,
      reportDiagnostics: true,
    });
    expect(diagnostics).toEqual([]);
    expect(described).not.toMatch(/\$\{|<\/?(?:a|p|li|ul|b|i)[ >]|,,/);
    if (name === 'models') expect(described.split('/**').length - 1).toBeGreaterThan(3500);
    if (name === 'services') expect(described).toContain('The ID of the entity to fetch.');
    size += described.length;
  }
  expect(size).toBeLessThan(1_900_000);
}, 60_000);
