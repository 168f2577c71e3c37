// Runs one call in both machines and compares every byte of every buffer and of the canaries around them: by bits, with NaN
// equal to NaN of any payload where the buffer holds f32.

import type { KernelName, Machine } from '../../../ts/machine/machine.ts';
import type { BufferParameter } from '../../../ts/machine/signature.ts';
import { isNaNBits, numberOf } from './fills.ts';
import { buffersOf, type Call, type Definition, prepare, type Segment, type Trial } from './layout.ts';

/** The machine that is judged, and the judge (or the same machine twice, for calls in place). */
export interface Pair {
  readonly simd: Machine;
  readonly reference: Machine;
}

/** Runs the trial in both machines. Returns what differs first, as a sentence, or undefined. */
export function differenceOf(pair: Pair, definition: Definition, trial: Trial): string | undefined {
  const call = prepare(definition, trial, (bytes) => beginOf(pair, trial, bytes));
  const machines = [pair.simd, pair.reference] as const;
  for (const [i, machine] of machines.entries()) {
    const failure = run(machine, definition, call, call.images[i]);
    if (failure !== undefined) return describe(definition, trial, failure);
  }
  for (const segment of call.segments) {
    const difference =
      strayOf(pair.simd, segment, call, 0) ??
      strayOf(pair.reference, segment, call, 1) ??
      firstDifference(machines, segment);
    if (difference !== undefined) return describe(definition, trial, difference);
  }
  return undefined;
}

/** Where that many bytes may lie in both: as low as possible, or up to the end of both memories. Sees that there is room. */
function beginOf({ simd, reference }: Pair, { place }: Trial, bytes: number): number {
  const lowest = Math.ceil(Math.max(simd.heapBase, reference.heapBase) / 64) * 64;
  const least = Math.max(lowest + bytes, simd.memory.u8.length, reference.memory.u8.length);
  for (const machine of [simd, reference]) {
    // Whole pages: both memories become equally long.
    if (!machine.grow(least)) throw new Error(`${machine.name} has no ${least} bytes`);
  }
  return place === 'end' ? simd.memory.u8.length - bytes : lowest;
}

const describe = ({ name }: Definition, { words, fill, place, seed }: Trial, what: string): string =>
  `${name} ${JSON.stringify(words)}, fill ${fill}, ${place}, seed ${seed}: ${what}`;

/** Puts the image into the machine and runs the kernel; a trap or throw comes back as a sentence. */
function run(machine: Machine, { name }: Definition, call: Call, image: Uint8Array): string | undefined {
  machine.memory.u8.set(image, call.begin);
  try {
    Reflect.apply(machine.kernels[name as KernelName], undefined, call.words);
    return undefined;
  } catch (error) {
    return `${machine.name} threw ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A change of what must stay: canaries, and buffers that are only read. */
function strayOf(machine: Machine, segment: Segment, call: Call, which: 0 | 1): string | undefined {
  const { buffer, name, begin, end } = segment;
  if (buffer !== undefined && buffer.role !== 'read') return undefined;
  const before = call.images[which].subarray(begin - call.begin, end - call.begin);
  const after = machine.memory.u8.subarray(begin, end);
  const i = mismatch(after, before);
  return i < 0
    ? undefined
    : `${machine.name} changed byte ${i} of ${before.length} of ${name}: ${hex(before[i], 2)} → ${hex(after[i], 2)}`;
}

function mismatch(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i;
  return -1;
}

/** The first element in which the machines differ in a buffer that is written. */
function firstDifference([simd, reference]: readonly [Machine, Machine], segment: Segment): string | undefined {
  const { buffer, name, begin, end } = segment;
  if (buffer === undefined || buffer.role === 'read' || buffer.role === 'scratch') return undefined;
  return compare(viewOf(simd, buffer, begin, end), viewOf(reference, buffer, begin, end), buffer, name, [
    simd.name,
    reference.name,
  ]);
}

const viewOf = (
  { memory }: Machine,
  { type }: BufferParameter,
  begin: number,
  end: number,
): Uint8Array | Uint32Array =>
  type === 'u8' ? memory.u8.subarray(begin, end) : memory.u32.subarray(begin >>> 2, end >>> 2);

function compare(
  a: Uint8Array | Uint32Array,
  b: Uint8Array | Uint32Array,
  { type }: BufferParameter,
  name: string,
  [first, second]: readonly [string, string],
): string | undefined {
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i] || (type === 'f32' && isNaNBits(a[i]) && isNaNBits(b[i]))) continue;
    const show = (bits: number): string =>
      type === 'f32' ? `${hex(bits, 8)} (${numberOf(bits)})` : hex(bits, type === 'u8' ? 2 : 8);
    return `${name}[${i}] of ${a.length}: ${first} ${show(a[i])}, ${second} ${show(b[i])}`;
  }
  return undefined;
}

const hex = (bits: number, digits: number): string => `0x${bits.toString(16).padStart(digits, '0')}`;

/**
 * The output and the first input, which may be one buffer: for kernels that only read buffers of the size of their one
 * output, and for those whose definition says so.
 */
export function inPlaceOf(
  definition: Definition,
  cases: readonly Trial['words'][],
): readonly [string, string] | undefined {
  const buffers = buffersOf(definition);
  const [written, ...more] = buffers.filter(([, { role }]) => role === 'write');
  const read = buffers.filter(([, { role }]) => role === 'read');
  const apart = definition.inPlace === false || written === undefined || more.length > 0 || read.length === 0;
  if (apart || read.length + 1 !== buffers.length) return undefined;
  const [output, { type, size }] = written;
  const alike = (definition.inPlace === true ? read.slice(0, 1) : read).every(
    ([, other]) => other.type === type && cases.every((words) => other.size(words) === size(words)),
  );
  if (definition.inPlace === true && !alike)
    throw new Error(`${definition.name}: the first input is unlike the output`);
  return alike ? [output, read[0][0]] : undefined;
}

/** Runs the trial out of place and in place (`alias`: output, input) in each machine; the output must have the same bits. */
export function inPlaceDifferenceOf(
  pair: Pair,
  definition: Definition,
  trial: Trial,
  alias: readonly [string, string],
): string | undefined {
  for (const machine of [pair.simd, pair.reference]) {
    const beginFor = (bytes: number): number => beginOf(pair, trial, bytes);
    const apart = prepare(definition, trial, beginFor);
    const together = prepare(definition, trial, beginFor, alias);
    const outputs: (Uint8Array | Uint32Array)[] = [];
    for (const [call, name] of [
      [apart, alias[0]],
      [together, alias[1]],
    ] as const) {
      // Both calls get the inputs of the first one: the fills of the two layouts differ.
      if (call === together) moveInputs(apart, together, alias);
      const failure = run(machine, definition, call, call.images[0]);
      if (failure !== undefined) return describe(definition, trial, `in place, ${failure}`);
      const { buffer, begin, end } = call.segments.find((segment) => segment.name === name) as Required<Segment>;
      outputs.push(viewOf(machine, buffer, begin, end).slice());
    }
    const { buffer } = apart.segments.find((segment) => segment.name === alias[0]) as Required<Segment>;
    const difference = compare(outputs[1], outputs[0], buffer, alias[0], ['in place', 'apart']);
    if (difference !== undefined) return describe(definition, trial, `${machine.name} ${difference}`);
  }
  return undefined;
}

function moveInputs(from: Call, to: Call, [output]: readonly [string, string]): void {
  for (const { name, buffer, begin, end } of from.segments) {
    if (buffer === undefined || name === output) continue;
    const target = to.segments.find((segment) => segment.name === name) as Segment;
    to.images[0].set(from.images[0].subarray(begin - from.begin, end - from.begin), target.begin - to.begin);
  }
}
