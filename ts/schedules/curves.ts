// The two curves that lead from one value to the next. Both begin and end exactly where they should.

import { cos } from '../numeric.ts';
import { blend } from './schedule.ts';

/** How a value goes over into the next. */
export type Interpolation = 'cosine' | 'linear';

/** ½(1 + cos πt): 1 at t = 0, 0 at t = 1, 1 again at t = 2. */
export const cosineShare = (t: number): number => 0.5 * (1 + cos(Math.PI * t));

/** The value at the part t, from 0 to 1, of the way between two. */
export const between = (from: number, to: number, t: number, interpolation: Interpolation): number =>
  blend(from, to, interpolation === 'cosine' ? cosineShare(t) : 1 - t);
