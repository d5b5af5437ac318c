/** How pictures draw the kinds of edges. */
export const lineKinds = {
  used: { style: 'solid', color: '#666666' },
  executed: { style: 'dashed', color: '#b8721b' },
  generated: { style: 'solid', color: '#3b6ea5' },
} as const;
