// The entry `downhill/surfaces`: test functions of two variables, and the paths that optimizers take on them.

export { createTrace, type TraceOptions } from './create.ts';
export { type SurfaceName, surfaces } from './list.ts';
export { type PathOptions, type Paths, trace } from './paths.ts';
export { quadratic } from './quadratic.ts';
export type { Starts } from './starts.ts';
export type { CriticalPoint, Point, Surface, SurfaceOfTensors, View } from './surface.ts';
export { Trace } from './trace.ts';
