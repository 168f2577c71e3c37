// Rows, targets and shuffles: what comes in, in every form, and the mistakes in it by row and column.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataInput, Dataset } from '../../ts/data/dataset.ts';
import { type Rows, readRows } from '../../ts/data/rows.ts';
import { rowsUpTo, shuffled, split } from '../../ts/data/shuffle.ts';
import { randomWords, streamKey } from '../../ts/data/streams.ts';
import { readTargets } from '../../ts/data/targets.ts';
import type { DownhillError } from '../../ts/errors.ts';
import type { TargetRule } from '../../ts/losses/loss.ts';
import { makeEngine } from './support/sessions.ts';

const rule = { path: 'x', size: 4, reason: 'the model takes [2, 2]' };
const classes: TargetRule = { classes: 3, values: { shape: [3], min: 0, max: 1, distribution: true } };
const numbers: TargetRule = { values: { shape: [2] } };

/** What a function throws. */
function thrownBy(work: () => unknown): DownhillError {
  try {
    work();
  } catch (error) {
    return error as DownhillError;
  }
  throw new Error('nothing was thrown');
}

describe('rows', () => {
  it.each<[string, Rows]>([
    ['a Float32Array', Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
    ['a Float64Array', Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
    ['an Int16Array', Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
    ['a flat list', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['typed rows', [Float32Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, 8)]],
    [
      'flat rows',
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
    ],
    [
      'nested rows',
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    ],
    [
      'rows of typed arrays',
      [
        [Float32Array.of(1, 2), Float32Array.of(3, 4)],
        [
          [5, 6],
          [7, 8],
        ],
      ] as unknown as Rows,
    ],
  ])('are read from %s', (_, given) => {
    const { values, rows } = readRows(given, rule);
    expect(rows).toBe(2);
    expect(values).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  });

  it.each<[string, Rows]>([
    ['a Uint8Array', Uint8Array.of(1, 2, 3, 4)],
    ['a Uint8ClampedArray', Uint8ClampedArray.of(1, 2, 3, 4)],
    ['a list of Uint8Arrays', [Uint8Array.of(1, 2, 3, 4)]],
  ])('stay bytes in %s', (_, given) => {
    expect(readRows(given, rule)).toEqual({ rows: 1, values: Uint8Array.of(1, 2, 3, 4) });
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /x must be a typed array.*undefined/],
    ['a text', 'digits', /x must be a typed array.*"digits"/],
    ['no rows', [], /x is empty/],
    ['no numbers', new Float32Array(0), /x is empty/],
    ['part of a row', new Float32Array(7), /7 numbers, which are not whole rows of 4: the model takes \[2, 2\]/],
    [
      'a short row',
      [
        [1, 2, 3, 4],
        [1, 2, 3],
      ],
      /x\[1\] has 3 numbers, and a row needs 4/,
    ],
    ['a long row', [[1, 2, 3, 4, 5]], /x\[0\] has 5 numbers/],
    ['a short typed row', [new Float32Array(4), new Float32Array(9)], /x\[1\] has 9 numbers/],
    ['a text in a row', [[1, 2, '3', 4]], /x\[0\]\[2\] must be a number.*"3"/],
    ['a hole in a row', [[1, 2, null, 4]], /x\[0\]\[2\].*null/],
    ['a text in a list', [1, 2, 3, 'four'], /x\[0\] has 1 numbers|x\[3\]/],
  ])('refuse %s', (_, given, message) => {
    expect(thrownBy(() => readRows(given as Rows, rule))).toMatchObject({
      code: 'data',
      message: expect.stringMatching(message),
    });
  });
});

describe('targets', () => {
  it.each<[string, Rows]>([
    ['an Int32Array', Int32Array.of(2, 0)],
    ['a Uint8Array', Uint8Array.of(2, 0)],
    ['a Float32Array', Float32Array.of(2, 0)],
    ['a list', [2, 0]],
  ])('are labels in %s', (_, given) => {
    expect(readTargets(given, 2, classes)).toEqual({ kind: 'classes', values: Int32Array.of(2, 0) });
  });

  it('are probabilities when there are as many as outputs', () => {
    const wanted = { kind: 'values', values: Float32Array.of(0.5, 0.25, 0.25, 0, 0, 1) };
    expect(readTargets(wanted.values, 2, classes)).toEqual(wanted);
    expect(
      readTargets(
        [
          [0.5, 0.25, 0.25],
          [0, 0, 1],
        ],
        2,
        classes,
      ),
    ).toEqual(wanted);
  });

  it('are numbers in the shape of the outputs', () => {
    const wanted = { kind: 'values', values: Float32Array.of(1, -2, 3, 4) };
    expect(
      readTargets(
        [
          [1, -2],
          [3, 4],
        ],
        2,
        numbers,
      ),
    ).toEqual(wanted);
    expect(readTargets([1, 0, 1], 3, { values: { shape: [1] } }).values).toEqual(Float32Array.of(1, 0, 1));
    expect(readTargets(Uint8Array.of(1, 0), 2, { values: { shape: [1] } }).values).toEqual(Float32Array.of(1, 0));
  });

  it.each<[string, unknown, TargetRule, RegExp]>([
    [
      'a label too large',
      [0, 3],
      classes,
      /y\[1\] is 3: labels of a model with 3 outputs are whole numbers from 0 to 2/,
    ],
    ['a negative label', Int32Array.of(-1, 0), classes, /y\[0\] is -1/],
    ['half a label', [0.5, 1], classes, /y\[0\] is 0\.5/],
    ['a label that is NaN', [Number.NaN, 1], classes, /y\[0\] is NaN/],
    ['too few labels', [1], classes, /x has 2 rows and y has 1 labels/],
    ['too many labels', [1, 1, 1], classes, /x has 2 rows and y has 3 labels/],
    [
      'probabilities that do not sum to 1',
      [
        [0.5, 0.5, 0.5],
        [1, 0, 0],
      ],
      classes,
      /y\[0\] sums to 1\.5/,
    ],
    [
      'a negative probability',
      [
        [1.5, -0.5, 0],
        [1, 0, 0],
      ],
      classes,
      /y\[0\]\[0\] is 1\.5: targets of this loss are from 0 to 1/,
    ],
    [
      'rows of another width',
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
      numbers,
      /y\[0\] has 3 numbers, and a row needs 2 \(the model's outputs are \[2\]\)/,
    ],
    ['a row too few', [[1, 2]], numbers, /x has 2 rows and y has 1 rows/],
    [
      'a NaN',
      [
        [1, 2],
        [3, Number.NaN],
      ],
      numbers,
      /y has NaN in row 1, column 1/,
    ],
    ['nothing', undefined, numbers, /x came without y: .*load\(\{ x, y \}\); predict\(x\) takes examples alone/],
    ['BigInts', BigInt64Array.of(1n, 2n), numbers, /y is a BigInt64Array: give numbers, Int32Array\.from\(y, Number\)/],
    ['one number', 3, numbers, /y must be a typed array/],
  ])('refuse %s', (_, given, targets, message) => {
    expect(thrownBy(() => readTargets(given as Rows, 2, targets))).toMatchObject({
      code: 'data',
      message: expect.stringMatching(message),
    });
  });
});

describe('data sets', () => {
  const load = (more: object): Dataset =>
    new Dataset(
      makeEngine('reference').runtime,
      {
        x: [
          [1, 2],
          [3, 4],
        ],
        y: [0, 1],
        ...more,
      } as DataInput,
      [2],
      classes,
    );

  it.each<[string, object, string, RegExp]>([
    [
      'NaN',
      {
        x: [
          [1, 2],
          [3, Number.NaN],
        ],
      },
      'data',
      /x has NaN in row 1, column 1/,
    ],
    [
      'an infinity',
      {
        x: [
          [1, -Infinity],
          [3, 4],
        ],
      },
      'data',
      /x has -Infinity in row 0, column 1/,
    ],
    [
      'what f32 cannot hold',
      { x: Float64Array.of(1, 2, 3, 1e300) },
      'data',
      /x has Infinity in row 1, column 1: every number must be finite as f32/,
    ],
    ['a scale for numbers', { scale: 0.5 }, 'option', /scale and offset are for bytes/],
    [
      'a scale that is none',
      { x: Uint8Array.of(1, 2, 3, 4), scale: '1' },
      'option',
      /scale must be a finite number: got "1"/,
    ],
    ['an unknown name', { labels: [0, 1] }, 'option', /unknown option "labels"/],
    ['a misspelt name', { scales: 1 }, 'option', /did you mean scale\?/],
  ])('refuse %s', (_, more, code, message) => {
    expect(thrownBy(() => load(more))).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('say which column when there is one', () => {
    const work = () => new Dataset(makeEngine('reference').runtime, { x: [1, Number.NaN], y: [0, 1] }, [1], classes);
    expect(thrownBy(work)).toMatchObject({ path: 'x[1]', message: expect.stringMatching(/x has NaN in row 1:/) });
  });

  it('give batches by row numbers and leave no memory behind, also when there is too little', () => {
    const engine = makeEngine('simd');
    const { live } = engine.memory;
    const data = new Dataset(
      engine.runtime,
      { x: Uint8Array.of(0, 255, 10, 20), y: [2, 1], scale: 2, offset: -1 },
      [2],
      classes,
    );
    engine.scope(() => {
      const { x, targets } = data.batch(engine.tensor(Int32Array.of(1, 0, 1)));
      expect([...x.read()]).toEqual([19, 39, -1, 509, 19, 39]);
      expect([...targets.read()]).toEqual([1, 2, 1]);
    });
    data.dispose();
    expect(engine.memory.live).toBe(live);
    const small = makeEngine('reference', 4 * 65_536);
    const before = small.memory.live;
    const large = { x: new Float32Array(2 * 30_000), y: new Int32Array(30_000) };
    expect(thrownBy(() => new Dataset(small.runtime, large, [2], classes)).code).toBe('memory');
    expect(small.memory.live).toBe(before);
  });
});

describe('shuffles', () => {
  it('keep every row, and depend on key and epoch alone', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.nat(), fc.nat({ max: 1000 }), (n, seed, epoch) => {
        const order = shuffled(rowsUpTo(n), streamKey(seed, 'order'), epoch);
        expect(order).toEqual(shuffled(rowsUpTo(n), streamKey(seed, 'order'), epoch));
        expect([...order].sort((a, b) => a - b)).toEqual([...rowsUpTo(n)]);
      }),
    );
    const orders = [0, 1].flatMap((epoch) =>
      [1, 2, 2 ** 40].map((seed) => shuffled(rowsUpTo(50), streamKey(seed, 'order'), epoch).join()),
    );
    expect(new Set(orders).size).toBe(6);
  });

  it('give every order of three with the same probability', () => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 6000; epoch++) {
      const order = shuffled(rowsUpTo(3), streamKey(1, 'order'), epoch).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // χ² with 5 degrees of freedom is above 20.5 once in a thousand times; the seed is fixed.
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(20.5);
  });

  it('put a row in every place alike', () => {
    const counts = new Array<number>(1000).fill(0);
    for (let epoch = 0; epoch < 2000; epoch++)
      counts[shuffled(rowsUpTo(1000), streamKey(5, 'order'), epoch).indexOf(0)]++;
    const chi = counts.reduce((sum, count) => sum + (count - 2) ** 2 / 2, 0);
    expect(chi).toBeGreaterThan(820); // 999 ± 4 standard deviations of 44.7
    expect(chi).toBeLessThan(1178);
  });

  it('split without overlap, in ascending order', () => {
    const { training, validation } = split(100, 30, streamKey(3, 'split'));
    expect(training.length).toBe(70);
    expect([...training, ...validation].sort((a, b) => a - b)).toEqual([...rowsUpTo(100)]);
    for (const part of [training, validation]) expect([...part]).toEqual([...part].sort((a, b) => a - b));
  });

  it('draw the words of Threefry-2×32, of the published test vectors', () => {
    // Random123's kat_vectors for threefry2x32 with 20 rounds.
    const hex = (words: Uint32Array): string[] => [...words].map((word) => word.toString(16).padStart(8, '0'));
    expect(hex(randomWords([0, 0], [0, 0], 2))).toEqual(['6b200159', '99ba4efe']);
    expect(hex(randomWords([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], 2))).toEqual(['1cb996fc', 'bb002be7']);
    expect(hex(randomWords([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], 2))).toEqual(['c4923a9c', '483df7a0']);
  });
});
