// The safetensors reader and writer: a file made by hand, round trips of anything, and every kind of broken file.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DownhillError } from '../../ts/errors.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../ts/files/safetensors.ts';

/** A file from a header text and bytes of data, as the format's page describes it. */
function byHand(header: string, data: readonly number[] = [], length = header.length): Uint8Array {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(length), true);
  return Uint8Array.from([...prefix, ...new TextEncoder().encode(header), ...data]);
}

describe('readSafetensors', () => {
  it('reads a file made by hand', () => {
    const header =
      '{"__metadata__":{"format":"pt"},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}  ';
    const { tensors, metadata } = readSafetensors(byHand(header, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7, 8, 9]));
    expect(metadata).toEqual({ format: 'pt' });
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    const a = tensors.get('a') as StoredTensor;
    expect(a.dtype).toBe('F32');
    expect(a.shape).toEqual([1, 2]);
    expect([...new Float32Array(a.data.slice().buffer)]).toEqual([1, -2]);
    expect([...(tensors.get('b') as StoredTensor).data]).toEqual([7, 8, 9]);
  });

  it('reads scalars, empty tensors and a file without tensors', () => {
    const header =
      '{"e":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]},"s":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}';
    const { tensors } = readSafetensors(byHand(header, [1, 0, 0, 0]).buffer as ArrayBuffer);
    expect(tensors.get('s')?.data.length).toBe(4);
    expect(tensors.get('e')?.data.length).toBe(0);
    expect(readSafetensors(byHand('{}')).tensors.size).toBe(0);
  });

  const one = (entry: string): string => `{"w":${entry}}`;
  it.each<[string, Uint8Array | ArrayBuffer, RegExp]>([
    ['nothing', new Uint8Array(0), /0 bytes/],
    ['a text', new TextEncoder().encode('hello, this is no file'), /more than the format allows/],
    ['a header longer than the file', byHand('{}', [], 50), /50 bytes long, and 2 bytes follow/],
    ['a header of gigabytes', byHand('{}', [], 2 ** 40), /more than the format allows/],
    ['an empty header', byHand(''), /does not begin with \{/],
    ['an array as header', byHand('[]'), /does not begin with \{/],
    ['broken JSON', byHand('{"w":'), /not JSON/],
    ['bytes that are no UTF-8', Uint8Array.from([4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0x7d]), /not JSON/],
    ['an entry that is null', byHand(one('null')), /"w" must be an object/],
    ['an unknown type', byHand(one('{"dtype":"F31","shape":[],"data_offsets":[0,4]}')), /unknown type "F31"/],
    [
      'a type from the prototype',
      byHand(one('{"dtype":"constructor","shape":[],"data_offsets":[0,4]}')),
      /unknown type/,
    ],
    ['a negative size', byHand(one('{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}')), /no valid shape/],
    ['no offsets', byHand(one('{"dtype":"F32","shape":[1]}')), /no valid data_offsets/],
    [
      'offsets that do not fit',
      byHand(one('{"dtype":"F32","shape":[2],"data_offsets":[0,4]}'), [0, 0, 0, 0]),
      /needs 8 bytes/,
    ],
    ['a file cut off', byHand(one('{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'), [0, 0]), /cut off/],
    [
      'bytes at the end',
      byHand(one('{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'), [0, 0, 0, 0, 1]),
      /1 bytes follow/,
    ],
    ['a hole', byHand(one('{"dtype":"U8","shape":[1],"data_offsets":[1,2]}'), [0, 0]), /begins at byte 1/],
    [
      'an overlap',
      byHand(
        '{"v":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"w":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
        [0, 0, 0],
      ),
      /"w" begins at byte 1 of the data, and the one before it ends at 2/,
    ],
    ['metadata that are no strings', byHand('{"__metadata__":{"step":3}}'), /"step" must be a string/],
    ['metadata that are a list', byHand('{"__metadata__":[]}'), /object of strings/],
  ])('refuses %s', (_, file, message) => {
    let thrown: unknown;
    try {
      readSafetensors(file);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DownhillError);
    expect(thrown).toMatchObject({ code: 'file', message: expect.stringMatching(message) });
  });

  it('never throws anything else, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (junk, text) => {
        for (const file of [junk, byHand(text), byHand(`{${text}}`)]) {
          try {
            readSafetensors(file);
          } catch (error) {
            expect(error).toMatchObject({ name: 'DownhillError', code: 'file' });
          }
        }
      }),
    );
  });
});

describe('writeSafetensors', () => {
  const tensor: fc.Arbitrary<StoredTensor> = fc
    .tuple(
      fc.constantFrom<readonly [StoredTensor['dtype'], number]>(
        ['I64', 8],
        ['I32', 4],
        ['U32', 4],
        ['BF16', 2],
        ['U8', 1],
        ['BOOL', 1],
      ),
      fc.array(fc.nat({ max: 4 }), { maxLength: 4 }),
    )
    .chain(([[dtype, bytes], shape]) => {
      const length = shape.reduce((a, b) => a * b, bytes);
      return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ dtype, shape, data }));
    });

  it('is read back as it was written, names and order included', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(
            fc.string().filter((name) => name !== '__metadata__'),
            tensor,
          ),
          { selector: ([name]) => name, maxLength: 6 },
        ),
        fc.dictionary(fc.string(), fc.string()),
        (tensors, metadata) => {
          const file = writeSafetensors(tensors, metadata);
          const back = readSafetensors(file);
          expect(new Map(back.tensors)).toEqual(new Map(tensors));
          expect({ ...back.metadata }).toEqual({ ...metadata });
          // Tensors without bytes stand at one place, and JSON has no order for names like "0".
          if (tensors.every(([, { data }]) => data.length > 0))
            expect(writeSafetensors(back.tensors, back.metadata)).toEqual(file);
        },
      ),
    );
  });

  it('aligns: the data begin at a multiple of 8, and every tensor at a multiple of its elements', () => {
    const file = writeSafetensors([
      ['bytes', { dtype: 'U8', shape: [3], data: new Uint8Array(3) }],
      ['numbers', { dtype: 'F32', shape: [2], data: new Uint8Array(8) }],
    ]);
    expect(new DataView(file.buffer).getUint32(0, true) % 8).toBe(0);
    expect([...readSafetensors(file).tensors.values()].map(({ data }) => data.byteOffset % 8)).toEqual([0, 0]);
    expect([...readSafetensors(file).tensors.keys()]).toEqual(['numbers', 'bytes']);
  });

  it('keeps names in order where an object would not', () => {
    const empty: StoredTensor = { dtype: 'F32', shape: [0], data: new Uint8Array(0) };
    const header = new TextDecoder().decode(
      writeSafetensors([
        ['b', empty],
        ['10', empty],
        ['2', empty],
      ]).subarray(8),
    );
    expect(Object.entries(header.match(/"(b|10|2)":/g) ?? []).map(([, name]) => name)).toEqual([
      '"b":',
      '"10":',
      '"2":',
    ]);
  });

  it('writes every NaN as one', () => {
    const words = Uint32Array.of(0x7fc00001, 0xffc00000, 0x7f800001, 0x7f800000, 0xff800000, 0x80000000);
    const file = writeSafetensors([['w', { dtype: 'F32', shape: [6], data: new Uint8Array(words.buffer) }]]);
    const stored = new Uint32Array(file.slice(-24).buffer);
    expect([...stored]).toEqual([0x7fc00000, 0x7fc00000, 0x7fc00000, 0x7f800000, 0xff800000, 0x80000000]);
  });

  it('refuses a name twice, the name of the metadata, and data that do not fit', () => {
    const w: StoredTensor = { dtype: 'U8', shape: [1], data: new Uint8Array(1) };
    expect(() =>
      writeSafetensors([
        ['w', w],
        ['w', w],
      ]),
    ).toThrow(/two tensors named "w"/);
    expect(() => writeSafetensors([['__metadata__', w]])).toThrow(/__metadata__/);
    expect(() => writeSafetensors([['w', { ...w, shape: [2] }]])).toThrow(/cannot have 1 bytes/);
  });
});
