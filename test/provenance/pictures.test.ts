import { describe, expect, test } from '@jest/globals';
import { printableText } from '../../src/cli/printable.js';
import {
  toDot,
  toMermaid,
  toProvJson,
  toSvg,
  type ProvenanceEdge,
  type ProvenanceGraph,
  type ProvenanceNode,
  type ProvJson,
} from '../../src/index.js';
import { layoutGraph, type Box, type Point } from '../../src/provenance/graph/layoutGraph.js';
import { textSize, wrapText } from '../../src/provenance/graph/textSize.js';

const entity = (id: string, name = id, version = 1): ProvenanceNode => ({
  kind: 'entity',
  key: `${id}.${version}`,
  id,
  version,
  name,
  type: 'org.sagebionetworks.repo.model.FileEntity',
  state: 'read',
});
const activity = (id: string, name?: string): ProvenanceNode => {
  const node = { kind: 'activity' as const, key: `activity:${id}`, id };
  return name === undefined ? node : { ...node, name, createdOn: '2026-03-04T10:00:00.000Z' };
};
const edge = (kind: ProvenanceEdge['kind'], from: string, to: string): ProvenanceEdge => ({
  kind,
  from,
  to,
});

const small: ProvenanceGraph = {
  root: 'syn2.1',
  nodes: [
    entity('syn2', 'plot.png'),
    activity('7', 'Plot'),
    { kind: 'user', key: 'user:1', id: '1', name: 'alice' },
    entity('syn1', 'data.csv', 4),
    { kind: 'url', key: 'url:https://x.org/plot.R', url: 'https://x.org/plot.R', name: 'plot.R' },
    { kind: 'entity', key: 'syn9', id: 'syn9', state: 'forbidden' },
  ],
  edges: [
    edge('generated', 'activity:7', 'syn2.1'),
    edge('performed', 'user:1', 'activity:7'),
    edge('used', 'syn1.4', 'activity:7'),
    edge('executed', 'url:https://x.org/plot.R', 'activity:7'),
    edge('used', 'syn9', 'activity:7'),
  ],
};

/** Names that mean something in one of the formats, or nothing in any. */
const hostile = [
  '"]; click n1 href "javascript:alert(1)"',
  '</text><script>alert(1)</script>',
  '"; } digraph x { a -> b [label="',
  '\\N \\G \\" \\',
  '%%{init: {"securityLevel": "loose"}}%%',
  '`code` **bold** _i_ ~~s~~ $$x$$ #quot; &lt; &#60;',
  '1. first',
  '- item',
  'end',
  'a\u0000b\u001b[31mc\nd\re\u2028f\ud800g',
  '\u202etxt.exe',
  'a\u200bb\u{e0041}c\u3164d\u034fe',
  '👩‍🔬 측정 数据 مرحبا',
  'x'.repeat(3000),
  '',
];
const hostileGraph: ProvenanceGraph = {
  root: 'syn0.1',
  nodes: [
    ...hostile.map((name, index) => entity(`syn${index}`, name)),
    ...hostile.map((name, index) => activity(String(index), name)),
    ...hostile.map((name, index): ProvenanceNode => {
      return { kind: 'url', key: `url:${index}`, url: `https://x.org/${name}`, name };
    }),
    ...hostile.map((name, index): ProvenanceNode => {
      return { kind: 'user', key: `user:${index}`, id: String(index), name };
    }),
    ...hostile.map((type, index): ProvenanceNode => ({ kind: 'other', key: `o${index}`, type })),
  ],
  edges: hostile.flatMap((_, index) => [
    edge('generated', `activity:${index}`, `syn${index}.1`),
    edge('used', `url:${index}`, `activity:${index}`),
    edge('used', `o${index}`, `activity:${index}`),
    edge('performed', `user:${index}`, `activity:${index}`),
  ]),
};

describe('Mermaid', () => {
  test('has a line for each node and edge', () => {
    const lines = toMermaid(small).split('\n');
    expect(lines.slice(0, 10)).toEqual([
      'flowchart LR',
      '  n1["plot.png<br/>syn2.1 #183; File"]:::entity',
      '  n2(["Plot<br/>by alice#44; 2026-03-04"]):::activity',
      '  n3["data.csv<br/>syn1.4 #183; File"]:::entity',
      '  n4[/"plot.R<br/>https#58;#47;#47;x.org#47;plot.R"/]:::url',
      '  n5["syn9<br/>no access"]:::absent',
      '  n2 -->|generated| n1',
      '  n3 -->|used| n2',
      '  n4 -.->|executed| n2',
      '  n5 -->|used| n2',
    ]);
    expect(lines).toContain('  class n1 root');
  });

  test('has labels without any character that means something', () => {
    const text = toMermaid(hostileGraph);
    const nodes = text.split('\n').filter((line) => line.includes(':::'));
    expect(nodes).toHaveLength(4 * hostile.length);
    for (const line of nodes) {
      expect(line).toMatch(
        /^ {2}n\d+(\[|\(\[|\[\/|\{\{)"((?!<br\/>)[^"`*$%<>&\\]|<br\/>)*"(\]|\]\)|\/\]|\}\}):::\w+$/u,
      );
    }
    expect(printableText(text)).toBe(text);
  });
});

describe('DOT', () => {
  test('has a line for each node and edge', () => {
    const lines = toDot(small).split('\n');
    expect(lines[0]).toBe('digraph provenance {');
    expect(lines.find((line) => line.includes('n1 ['))).toContain(
      'label="plot.png\\nsyn2.1 · File"',
    );
    expect(lines.filter((line) => line.includes('->'))).toEqual([
      '  n2 -> n1 [label="generated", style=solid, color="#3b6ea5"];',
      '  n3 -> n2 [label="used", style=solid, color="#666666"];',
      '  n4 -> n2 [label="executed", style=dashed, color="#b8721b"];',
      '  n5 -> n2 [label="used", style=solid, color="#666666"];',
    ]);
  });

  test('has no label that ends early', () => {
    const text = toDot(hostileGraph);
    const nodes = text.split('\n').filter((line) => /^ {2}n\d+ \[/.test(line));
    expect(nodes).toHaveLength(4 * hostile.length);
    for (const line of nodes) {
      expect(line).toMatch(
        /^ {2}n\d+ \[label="([^"\\]|\\[\\"n])*", tooltip="([^"\\]|\\[\\"])*", shape=[^[\]]*\];$/,
      );
    }
    expect(printableText(text)).toBe(text);
  });
});

describe('SVG', () => {
  test('is a file of its own, with a box for each node and a line for each edge', () => {
    const svg = toSvg(small);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
    expect(svg.match(/<g>/g)).toHaveLength(5);
    // Four edges, and three samples in the legend.
    expect(svg.match(/<polygon /g)).toHaveLength(7);
    expect(svg).toContain('by alice, 2026-03-04');
    expect(svg).not.toMatch(/href|NaN|undefined|<script/);
  });

  test('is well-formed, whatever the names are', () => {
    const svg = toSvg(hostileGraph);
    const tags = svg.match(/<[^>]*>/g) ?? [];
    const open: string[] = [];
    for (const tag of tags) {
      expect(tag).toMatch(
        /^<(\/?(svg|title|text|g)|(svg|rect|text|path|polygon|g|title)( [\w-]+="[^"<&]*")*\/?)>$/,
      );
      const name = /^<\/?(\w+)/.exec(tag)?.[1] ?? '';
      if (tag.startsWith('</')) expect(open.pop()).toBe(name);
      else if (!tag.endsWith('/>')) open.push(name);
    }
    expect(open).toEqual([]);
    const text = svg.replace(/<[^>]*>/g, '');
    expect(text.replace(/&(amp|lt|gt|quot|#\d+);/g, '')).not.toMatch(/[&<]/);
    expect(printableText(svg)).toBe(svg);
  });

  test('of one node has no legend, and of nothing is empty', () => {
    expect(toSvg({ root: 'syn1.1', nodes: [entity('syn1')], edges: [] })).not.toContain('<path');
    expect(toSvg({ root: '', nodes: [], edges: [] })).toContain('</svg>');
  });
});

describe('PROV-JSON', () => {
  /** What the records of each relation point to. */
  const ends: Record<string, Record<string, keyof ProvJson>> = {
    used: { 'prov:activity': 'activity', 'prov:entity': 'entity' },
    wasGeneratedBy: { 'prov:entity': 'entity', 'prov:activity': 'activity' },
    wasAssociatedWith: {
      'prov:activity': 'activity',
      'prov:agent': 'agent',
      'prov:plan': 'entity',
    },
    wasDerivedFrom: {
      'prov:generatedEntity': 'entity',
      'prov:usedEntity': 'entity',
      'prov:activity': 'activity',
    },
    specializationOf: { 'prov:specificEntity': 'entity', 'prov:generalEntity': 'entity' },
  };

  test.each([
    ['a small graph', small],
    ['hostile names', hostileGraph],
  ])('of %s has qualified names of known prefixes, and relations of what is there', (_, graph) => {
    const document = toProvJson(graph);
    const { prefix } = document;
    const isName = (name: string): boolean => {
      const [, space = '', local = ''] = /^(\w+):(.*)$/.exec(name) ?? [];
      return space in prefix && /^[\w.]+$/.test(local);
    };
    for (const kind of ['entity', 'activity', 'agent'] as const) {
      expect(Object.keys(document[kind] ?? {}).filter((name) => !isName(name))).toEqual([]);
    }
    for (const [relation, fields] of Object.entries(ends)) {
      const records = document[relation as 'used'] ?? {};
      for (const [id, record] of Object.entries(records)) {
        expect(id).toMatch(/^_:\w+$/);
        for (const [field, kind] of Object.entries(fields)) {
          const target = record[field];
          if (typeof target === 'string') expect(document[kind]).toHaveProperty([target]);
        }
      }
    }
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  test('says who did what with which plan, and what is derived from what', () => {
    const {
      used,
      wasGeneratedBy,
      wasAssociatedWith,
      wasDerivedFrom,
      specializationOf,
      entity: all,
    } = toProvJson(small);
    expect(Object.values(used ?? {})).toEqual([
      { 'prov:activity': 'activity:7', 'prov:entity': 'synapse:syn1.4' },
      { 'prov:activity': 'activity:7', 'prov:entity': 'item:1', 'prov:role': 'executed' },
      { 'prov:activity': 'activity:7', 'prov:entity': 'synapse:syn9' },
    ]);
    expect(Object.values(wasGeneratedBy ?? {})).toEqual([
      { 'prov:entity': 'synapse:syn2.1', 'prov:activity': 'activity:7' },
    ]);
    expect(Object.values(wasAssociatedWith ?? {})).toEqual([
      { 'prov:activity': 'activity:7', 'prov:agent': 'user:1', 'prov:plan': 'item:1' },
    ]);
    expect(Object.values(wasDerivedFrom ?? {}).map((each) => each['prov:usedEntity'])).toEqual([
      'synapse:syn1.4',
      'synapse:syn9',
    ]);
    expect(Object.values(specializationOf ?? {})).toContainEqual({
      'prov:specificEntity': 'synapse:syn1.4',
      'prov:generalEntity': 'synapse:syn1',
    });
    expect(all?.['item:1']).toEqual({
      'prov:location': { $: 'https://x.org/plot.R', type: 'xsd:anyURI' },
      'prov:label': 'plot.R',
    });
    expect(all?.['synapse:syn9']).toMatchObject({ 'synapse:state': 'forbidden' });
  });
});

/** The same numbers for each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

describe('the layout', () => {
  const overlaps = (a: Box, b: Box): boolean =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  /** Whether a part of a line is inside of a box. Between two corners, a line stays within their rectangle. */
  const crosses = (from: Point, to: Point, box: Box): boolean => {
    const isInside = (y: number): boolean => y > box.y + 0.01 && y < box.y + box.height - 0.01;
    const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
    if (right <= box.x + 0.01 || left >= box.x + box.width - 0.01) return false;
    return from.y === to.y ? isInside(from.y) : true;
  };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('has no overlaps, cycles or not (%i)', (seed) => {
    const next = random(seed);
    const count = 5 + Math.floor(next() * 60);
    const sizes = Array.from({ length: count }, () => ({
      width: 50 + next() * 200,
      height: 20 + next() * 80,
    }));
    const links = Array.from({ length: Math.floor(count * 1.6) }, () => ({
      from: Math.floor(next() * count),
      to: Math.floor(next() * count),
    })).filter(({ from, to }) => from !== to);
    const { boxes, lines, width, height } = layoutGraph(sizes, links);
    boxes.forEach((box, index) => {
      expect(box).toMatchObject({ height: sizes[index]?.height });
      expect(box.width).toBeGreaterThanOrEqual(sizes[index]?.width ?? 0);
      expect(box.x >= 0 && box.y >= -0.01).toBe(true);
      expect(box.x + box.width <= width && box.y + box.height <= height + 0.01).toBe(true);
      expect(boxes.slice(index + 1).filter((other) => overlaps(box, other))).toEqual([]);
    });
    for (const line of lines) {
      for (const [index, to] of line.slice(1).entries()) {
        const from = line[index] ?? to;
        expect(boxes.filter((box) => crosses(from, to, box))).toEqual([]);
      }
    }
  });

  test('puts every link of a graph without cycles from left to right', () => {
    const next = random(99);
    const sizes = Array.from({ length: 40 }, () => ({ width: 100, height: 40 }));
    const links = Array.from({ length: 60 }, () => {
      const to = 1 + Math.floor(next() * 39);
      return { from: Math.floor(next() * to), to };
    });
    const { boxes } = layoutGraph(sizes, links);
    for (const { from, to } of links) {
      expect((boxes[from]?.x ?? 0) + 100).toBeLessThan(boxes[to]?.x ?? 0);
    }
  });

  test('of a chain of 1,000 and of 1,000 inputs takes less than seconds', () => {
    const sizes = Array.from({ length: 1001 }, () => ({ width: 100, height: 40 }));
    const chain = layoutGraph(
      sizes,
      sizes.slice(1).map((_, index) => ({ from: index, to: index + 1 })),
    );
    expect(chain.height).toBe(40);
    const fan = layoutGraph(
      sizes,
      sizes.slice(1).map((_, index) => ({ from: index + 1, to: 0 })),
    );
    expect(fan.boxes[0]?.x).toBeGreaterThan(100);
  });
});

describe('the lines of a label', () => {
  test('are no longer than the width, and break between words', () => {
    expect(wrapText('counts matrix of all samples', 10, 5)).toEqual([
      'counts matrix of',
      'all samples',
    ]);
    for (const text of [...hostile, 'W'.repeat(99), '数'.repeat(99)]) {
      for (const line of wrapText(text, 12, 3)) expect(textSize(line)).toBeLessThanOrEqual(12);
    }
  });

  test('end in an ellipsis where something is left out', () => {
    expect(wrapText('a'.repeat(100), 10, 2).at(-1)).toMatch(/^a+…$/);
    expect(wrapText('short', 10, 2)).toEqual(['short']);
  });
});
