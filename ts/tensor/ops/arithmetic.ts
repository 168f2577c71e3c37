// Arithmetic of two tensors, or of a tensor and a number, with broadcasting. Up to two merged axes go straight to the kernel;
// operands that alternate more often are stretched first.

import type { Kernels } from '../../machine/machine.ts';
import { apply, type Backward, type Gradients } from '../autograd.ts';
import { broadcast, type Pairing, pairingOf, type Shape, sameShape, sizeOf } from '../shape.ts';
import { expectTensor, type Tensor } from '../tensor.ts';
import { expandInto, expectDType, sumInto, withScratch } from './support.ts';

type Name = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum';
type Extremum = 'maximum_grad' | 'minimum_grad';

/** Two f32 arrays by address and shape, and the shape of the result. */
interface Operands {
  readonly a: number;
  readonly aShape: Shape;
  readonly b: number;
  readonly bShape: Shape;
  readonly shape: Shape;
}

/** Calls `use` with the operands as a matrix, stretched into working memory where strides alone cannot say it. */
function paired(x: Tensor, o: Operands, use: (a: number, b: number, p: Pairing) => void): void {
  const direct = pairingOf(o.aShape, o.bShape, o.shape);
  if (direct !== undefined) {
    use(o.a, o.b, direct);
    return;
  }
  const [onlyA, onlyB] = [pairingOf(o.shape, o.bShape, o.shape), pairingOf(o.aShape, o.shape, o.shape)];
  const k = x.runtime.kernels;
  const n = sizeOf(o.shape);
  const stretch = (address: number, from: Shape, then: (address: number) => void): void =>
    withScratch(x.runtime, n, (to) => {
      expandInto(k, address, from, to, o.shape);
      then(to);
    });
  if (onlyB !== undefined) stretch(o.b, o.bShape, (b) => use(o.a, b, onlyB));
  else if (onlyA !== undefined) stretch(o.a, o.aShape, (a) => use(a, o.b, onlyA));
  else stretch(o.a, o.aShape, (a) => stretch(o.b, o.bShape, (b) => use(a, b, flat(n))));
}

const flat = (n: number): Pairing => ({ rows: 1, cols: n, aRow: 0, aCol: 1, bRow: 0, bCol: 1 });

/** out = a ∘ b */
function run(x: Tensor, name: Name, o: Operands, out: number): void {
  paired(x, o, (a, b, { rows, cols, aRow, aCol, bRow, bCol }) =>
    x.runtime.kernels[name](a, b, out, rows, cols, aRow, aCol, bRow, bCol),
  );
}

/** The operation with its gradient, on tensors that may differ in shape. */
function binary(
  name: Name,
  a: Tensor,
  b: Tensor | number,
  backward: (b: Tensor, y: () => Tensor) => Backward,
  scalar: (value: number) => Backward,
): Tensor {
  expectDType(name, 'a tensor', a);
  const n = a.size;
  if (typeof b === 'number') {
    return apply(
      name,
      [a],
      a.shape,
      (out, k) => k[name](a.address, a.runtime.numbers([b]), out, 1, n, 0, 1, 0, 0),
      scalar(b),
    );
  }
  expectTensor(name, b, a.runtime);
  expectDType(name, 'a tensor', b);
  const same = sameShape(a.shape, b.shape);
  const shape = same ? a.shape : broadcast(name, a.shape, b.shape);
  const y: Tensor = apply(
    name,
    [a, b],
    shape,
    (out, k) => {
      if (same) k[name](a.address, b.address, out, 1, n, 0, 1, 0, 1);
      else run(a, name, { a: a.address, aShape: a.shape, b: b.address, bShape: b.shape, shape }, out);
    },
    backward(b, () => y),
  );
  return y;
}

/** The gradient of an operand: `produce` writes it in the shape of the result, and it is summed where the operand was stretched. */
function into(grads: Gradients, x: Tensor, shape: Shape, produce: (to: number, k: Kernels) => void): void {
  grads.into(x, (dx, k) => {
    if (sameShape(x.shape, shape)) return produce(dx, k);
    const full = grads.temporary(sizeOf(shape));
    produce(full, k);
    sumInto(k, full, shape, dx, x.shape, (n) => grads.temporary(n));
  });
}

/** The gradient of an operand is `dy` itself, or its sum. */
function pass(grads: Gradients, x: Tensor, shape: Shape, dy: number): void {
  if (sameShape(x.shape, shape)) grads.pass(x, dy);
  else grads.into(x, (dx, k) => sumInto(k, dy, shape, dx, x.shape, (n) => grads.temporary(n)));
}

const passes =
  (a: Tensor): ((value: number) => Backward) =>
  () =>
  (dy, grads) =>
    grads.pass(a, dy);

/** a + b; b is a tensor that broadcasts with a, or a number. */
export function add(a: Tensor, b: Tensor | number): Tensor {
  return binary(
    'add',
    a,
    b,
    (b, y) => (dy, grads) => {
      pass(grads, a, y().shape, dy);
      pass(grads, b, y().shape, dy);
    },
    passes(a),
  );
}

/** a − b; b is a tensor that broadcasts with a, or a number. */
export function sub(a: Tensor, b: Tensor | number): Tensor {
  return binary(
    'sub',
    a,
    b,
    (b, y) => (dy, grads) => {
      const { shape, size } = y();
      pass(grads, a, shape, dy);
      into(grads, b, shape, (to, k) => k.neg(dy, to, size));
    },
    passes(a),
  );
}

/** a · b, element by element; b is a tensor that broadcasts with a, or a number. */
export function mul(a: Tensor, b: Tensor | number): Tensor {
  const times = (x: Tensor, other: Tensor, shape: Shape, dy: number, grads: Gradients): void =>
    into(grads, x, shape, (to) =>
      run(x, 'mul', { a: dy, aShape: shape, b: other.address, bShape: other.shape, shape }, to),
    );
  return binary(
    'mul',
    a,
    b,
    (b, y) => (dy, grads) => {
      times(a, b, y().shape, dy, grads);
      times(b, a, y().shape, dy, grads);
    },
    (value) => (dy, grads) =>
      grads.into(a, (dx, k) => k.mul(dy, a.runtime.numbers([value]), dx, 1, a.size, 0, 1, 0, 0)),
  );
}

/** a / b, element by element; b is a tensor that broadcasts with a, or a number. */
export function div(a: Tensor, b: Tensor | number): Tensor {
  return binary(
    'div',
    a,
    b,
    (b, y) => (dy, grads) => {
      const { shape, size, address } = y();
      const quotient = (numerator: number, to: number): void =>
        run(a, 'div', { a: numerator, aShape: shape, b: b.address, bShape: b.shape, shape }, to);
      into(grads, a, shape, (to) => quotient(dy, to));
      into(grads, b, shape, (to, k) => {
        // −dy · (a / b) / b
        const part = grads.temporary(size);
        k.mul(dy, address, part, 1, size, 0, 1, 0, 1);
        quotient(part, to);
        k.neg(to, to, size);
      });
    },
    (value) => (dy, grads) =>
      grads.into(a, (dx, k) => k.div(dy, a.runtime.numbers([value]), dx, 1, a.size, 0, 1, 0, 0)),
  );
}

/** The larger of a and b; NaN wins. Where they are equal each gets half of the gradient. */
export function maximum(a: Tensor, b: Tensor | number): Tensor {
  return extremum('maximum', 'maximum_grad', a, b);
}

/** The smaller of a and b; NaN wins. Where they are equal each gets half of the gradient. */
export function minimum(a: Tensor, b: Tensor | number): Tensor {
  return extremum('minimum', 'minimum_grad', a, b);
}

function extremum(name: Name, grad: Extremum, a: Tensor, b: Tensor | number): Tensor {
  const share = (x: Tensor, other: Tensor, shape: Shape, dy: number, grads: Gradients): void =>
    into(grads, x, shape, (to, k) =>
      paired(x, { a: x.address, aShape: x.shape, b: other.address, bShape: other.shape, shape }, (one, two, p) =>
        k[grad](one, two, dy, to, p.rows, p.cols, p.aRow, p.aCol, p.bRow, p.bCol),
      ),
    );
  return binary(
    name,
    a,
    b,
    (b, y) => (dy, grads) => {
      share(a, b, y().shape, dy, grads);
      share(b, a, y().shape, dy, grads);
    },
    (value) => (dy, grads) =>
      grads.into(a, (dx, k) => k[grad](a.address, a.runtime.numbers([value]), dy, dx, 1, a.size, 0, 1, 0, 0)),
  );
}
