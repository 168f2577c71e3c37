// The small pieces of a report: merging, the log of losses, the pace of slices, the hash, the metrics.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyMetric } from '../../ts/metrics/accuracy.ts';
import { meanAbsoluteErrorMetric, meanSquaredErrorMetric } from '../../ts/metrics/errors.ts';
import { Pace } from '../../ts/training/control.ts';
import { hashWords } from '../../ts/training/hash.ts';
import { LossLog, mergeReports, type Report, Speed } from '../../ts/training/report.ts';

const report = (more: Partial<Report>): Report => ({
  step: 1,
  epoch: 0,
  epochs: 2,
  batch: 1,
  batches: 4,
  epochEnd: false,
  loss: 1,
  losses: Float32Array.of(1),
  metrics: {},
  stepsPerSecond: 1,
  examplesPerSecond: 1,
  timeLeft: 1,
  ...more,
});

describe('merged reports', () => {
  it('are the later one with all losses, and no epoch’s end or validation is lost', () => {
    const ended = (epoch: number) => ({ epoch, loss: 2, metrics: {}, validation: { loss: epoch } });
    const earlier = report({
      losses: Float32Array.of(1, 2),
      epochEnd: true,
      finished: ended(5),
      validation: { loss: 5 },
    });
    const later = report({ step: 4, loss: 3, losses: Float32Array.of(4, 3) });
    const merged = mergeReports(earlier, later);
    expect(merged).toEqual({ ...earlier, step: 4, loss: 3, losses: Float32Array.of(1, 2, 4, 3) });
    const next = { ...later, epochEnd: true, finished: ended(6), validation: { loss: 6 } };
    expect(mergeReports(earlier, next)).toMatchObject({ finished: ended(6), validation: { loss: 6 } });
    expect('validation' in mergeReports(later, later)).toBe(false);
    expect('finished' in mergeReports(later, later)).toBe(false);
  });

  it('keep the newest losses when there are too many', () => {
    const long = (from: number) => Float32Array.from({ length: 50_000 }, (_, i) => from + i);
    const { losses } = mergeReports(report({ losses: long(0) }), report({ losses: long(50_000) }));
    expect(losses).toHaveLength(65_536);
    expect([losses[0], losses.at(-1)]).toEqual([100_000 - 65_536, 99_999]);
  });
});

describe('the log of losses', () => {
  it.each([0, 1, 255, 256, 257, 1000, 65_536, 65_537, 150_000])('gives the newest of %i in order, once', (count) => {
    const log = new LossLog();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < count; i++) log.add(i);
      const kept = Math.min(count, 65_536);
      expect(log.take()).toEqual(Float32Array.from({ length: kept }, (_, i) => count - kept + i));
      expect(log.take()).toHaveLength(0);
    }
    if (count > 0) expect(log.last).toBe(count - 1);
  });
});

describe('the pace', () => {
  it('begins with one step, doubles at most, and fits the time that is left', () => {
    const pace = new Pace();
    expect(pace.steps(10, 100)).toBe(1);
    pace.learn(1, 0.01);
    expect(pace.steps(10, 100)).toBe(2);
    pace.learn(2, 0.02);
    pace.learn(50, 0.5);
    expect(pace.steps(10, 60)).toBe(60);
    expect(pace.steps(0.2, 1000)).toBe(20);
    expect(pace.steps(-3, 1000)).toBe(1);
  });

  it('and the speed is over the last seconds', () => {
    const speed = new Speed();
    expect(speed.stepsPerSecond).toBe(0);
    speed.add(10, 500);
    expect(speed.stepsPerSecond).toBe(20);
    speed.add(90, 500);
    expect(speed.stepsPerSecond).toBe(100);
    for (let i = 0; i < 3; i++) speed.add(200, 1000);
    expect(speed.stepsPerSecond).toBe(200);
  });
});

describe('the hash', () => {
  /** FNV-1a as its authors define it, over bytes. */
  const fnv = (bytes: Uint8Array): string => {
    let hash = 0xcbf29ce484222325n;
    for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    return hash.toString(16).padStart(16, '0');
  };

  it('is FNV-1a of 64 bits', () => {
    expect(hashWords([])).toBe('cbf29ce484222325');
    fc.assert(
      fc.property(fc.uint32Array(), fc.uint32Array(), (a, b) => {
        const words = Uint32Array.from([...a, ...b]);
        fc.pre(words.every((word) => (word & 0x7fffffff) <= 0x7f800000));
        expect(hashWords([a, b])).toBe(fnv(new Uint8Array(words.buffer)));
      }),
    );
  });

  it('is the same over long arrays, whose pieces are folded one after the other', () => {
    const words = Uint32Array.from({ length: 8195 }, (_, i) => Math.imul(i, 0x9e3779b1) & 0x3fffffff);
    expect(hashWords([words])).toBe(fnv(new Uint8Array(words.buffer)));
    expect(hashWords([words.slice(0, 4097), words.slice(4097)])).toBe(hashWords([words]));
  });

  it('counts every NaN as one, and zeros of either sign as two', () => {
    expect(hashWords([Uint32Array.of(0xffc00001)])).toBe(hashWords([Uint32Array.of(0x7fc00000)]));
    expect(hashWords([Uint32Array.of(0x80000000)])).not.toBe(hashWords([Uint32Array.of(0)]));
  });
});

describe('metrics', () => {
  const largest = { rows: 3, width: 2, decision: 'largest' } as const;

  it('accuracy counts the class of the largest output', () => {
    const outputs = Float32Array.of(1, 2, 5, -1, 0, 0);
    const sum = (targets: Int32Array | Float32Array) =>
      accuracyMetric.sum({ kind: 'accuracy' }, { ...largest, outputs, targets });
    expect(sum(Int32Array.of(1, 0, 0))).toBe(3);
    expect(sum(Int32Array.of(0, 0, 1))).toBe(1);
    expect(sum(Float32Array.of(0.2, 0.8, 0.1, 0.9, 1, 0))).toBe(2);
  });

  it('accuracy of yes or no is by the threshold, each for itself', () => {
    const batch = {
      outputs: Float32Array.of(-1, 2, 0.3, 0.1),
      targets: Float32Array.of(0, 1, 1, 0),
      rows: 2,
      width: 2,
    };
    expect(accuracyMetric.sum({ kind: 'accuracy' }, { ...batch, decision: { above: 0 } })).toBe(1.5);
    expect(accuracyMetric.sum({ kind: 'accuracy' }, { ...batch, decision: { above: 0.2 } })).toBe(2);
  });

  it('errors are means over a row, summed', () => {
    const batch = {
      outputs: Float32Array.of(1, 2, 3, 4),
      targets: Float32Array.of(0, 0, 3, 1),
      rows: 2,
      width: 2,
      decision: 'largest',
    } as const;
    expect(meanAbsoluteErrorMetric.sum({ kind: 'meanAbsoluteError' }, batch)).toBe(1.5 + 1.5);
    expect(meanSquaredErrorMetric.sum({ kind: 'meanSquaredError' }, batch)).toBe(2.5 + 4.5);
  });
});
