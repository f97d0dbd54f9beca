/** The answer of what succeeds without anything to say. */
export const nothing = { description: 'Done', type: 'null' } as const;
