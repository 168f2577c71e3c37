// A small data set that can be learned: three clouds of points in the plane, from a fixed recurrence.

/** `rows` points with their class. */
export function blobs(rows: number): { x: Float32Array; y: Int32Array } {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 4294967296 - 0.5;
  };
  const centers = [
    [0, 1],
    [1, -0.6],
    [-1, -0.6],
  ];
  const y = Int32Array.from({ length: rows }, (_, i) => i % 3);
  const x = Float32Array.from({ length: rows * 2 }, (_, i) => centers[y[i >> 1]][i & 1] + next() + next());
  return { x, y };
}
