// What every optimizer takes beside the options of its rule: whose numbers it follows, and how weight decay enters. Each group of
// parameters may have its own.

/** Where numbers come from: PyTorch, Keras 3, Optax, or the paper. */
export type Dialect = 'torch' | 'keras' | 'optax' | 'paper';

export const dialectTitles: Readonly<Record<Dialect, string>> = {
  torch: 'PyTorch',
  keras: 'Keras',
  optax: 'Optax',
  paper: 'the paper',
};

/**
 * How weight decay λ enters. `coupled`: λp is added to the gradient (L2). `decoupled`: lr·λ of the parameters goes at each
 * step (Loshchilov & Hutter 2019). `independent`: λ of the parameters goes at each step, whatever lr is.
 */
export type DecayMode = 'coupled' | 'decoupled' | 'independent';
export const decayModes: readonly DecayMode[] = ['coupled', 'decoupled', 'independent'];

/** Options that every optimizer takes, and every group of its parameters. */
export type CommonOptions = {
  /** Whose numbers: defaults, the place of eps, where the rate enters. Default: 'torch'. */
  readonly dialect?: Dialect;
  /** How weight decay enters. Default: as the dialect has it. */
  readonly decayMode?: DecayMode;
  /**
   * What weight decay leaves alone: `'none'` (the default, as in every dialect), `'vectors'` (biases: tensors of less than
   * two dimensions), or patterns of names, `['*.bias', '0.*']`, where * stands for any letters.
   */
  readonly noDecay?: 'none' | 'vectors' | readonly string[];
};

/** What the rule of weight decay needs. */
interface Decay {
  readonly lr: number;
  readonly weightDecay: number;
  readonly decayMode: DecayMode;
}

/** The share of the parameters that is added to the gradient. */
export const l2Of = ({ decayMode, weightDecay }: Decay): number => (decayMode === 'coupled' ? weightDecay : 0);

/** The share of the parameters that is kept beside the gradient. */
export function keptOf({ decayMode, weightDecay, lr }: Decay): number {
  if (decayMode === 'coupled') return 1;
  return 1 - (decayMode === 'decoupled' ? lr : 1) * weightDecay;
}

/** Whether a name fits a pattern in which * stands for any letters. */
export function fits(name: string, pattern: string): boolean {
  const [first, ...parts] = pattern.split('*');
  if (parts.length === 0) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  const last = parts[parts.length - 1];
  for (const part of parts.slice(0, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
