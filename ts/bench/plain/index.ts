// The list of plain loops, a line a family.

export { adaptive } from './adaptive.ts';
export { classic } from './classic.ts';
