// Times contenders against each other in alternating rounds, so that a machine whose speed drifts slows them all alike. A ratio is the median of
// the rounds' ratios, never a ratio of medians.

/** One way to do the work. `run(times)` does it that often. */
export interface Contender {
  readonly name: string;
  run(times: number): void;
}

/** One line of the result, in the form that `--json` prints. */
export interface Row {
  readonly workload: string;
  readonly size: number | string;
  readonly contender: string;
  readonly unit: 'ns/parameter' | 'GFLOP/s' | 'steps/s';
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
  /** How many times as fast as `js` in the same rounds; null without `js`. */
  readonly ratio: number | null;
  /** For matrix products: share of the peak of the same rounds. */
  readonly share?: number;
}

/** A workload at one size with its contenders. */
export interface Match {
  readonly workload: string;
  readonly size: number | string;
  readonly unit: Row['unit'];
  /** Turns seconds for one run into the unit. */
  readonly measure: (seconds: number, contender: string) => number;
  readonly contenders: readonly Contender[];
  /** Frees what the contenders hold. */
  dispose(): void;
}

/** How long to measure. */
export interface Effort {
  /** Rounds; fewer when one round takes seconds, but never fewer than `leastRounds`. */
  readonly rounds: number;
  readonly leastRounds: number;
  /** Shortest time for one contender in one round, in seconds. */
  readonly slice: number;
  /** Stop adding rounds after this many seconds. */
  readonly budget: number;
}

export const THOROUGH: Effort = { rounds: 21, leastRounds: 5, slice: 0.02, budget: 12 };
export const QUICK: Effort = { rounds: 7, leastRounds: 3, slice: 0.006, budget: 2 };

/** The value below which the share `q` of the sorted values lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

const now = (): number => performance.now() / 1000;

function time(contender: Contender, times: number): number {
  const start = now();
  contender.run(times);
  return (now() - start) / times;
}

/** Repeats until the engine has compiled the code and one slice is long enough; returns how often one slice runs it. */
function warmUp(contender: Contender, slice: number): number {
  let times = 1;
  const start = now();
  for (;;) {
    const took = time(contender, times) * times;
    if (took >= slice && now() - start >= slice * 4) return times;
    if (took > slice * 8) return Math.max(1, Math.round((times * slice) / took));
    if (took < slice) times = Math.max(times + 1, Math.ceil(times * Math.min(8, (slice * 1.2) / Math.max(took, 1e-6))));
  }
}

/** Plays one match. `pause` is awaited between rounds, so that a page can draw and a reader can cancel. */
export async function play(match: Match, effort: Effort, pause: () => Promise<void> = async () => {}): Promise<Row[]> {
  const { contenders } = match;
  const times = contenders.map((contender) => warmUp(contender, effort.slice));
  const seconds: number[][] = contenders.map(() => []);
  const start = now();
  for (let round = 0; round < effort.rounds; round++) {
    if (round >= effort.leastRounds && now() - start > effort.budget) break;
    for (let i = 0; i < contenders.length; i++) {
      const at = (i + round) % contenders.length;
      seconds[at].push(time(contenders[at], times[at]));
    }
    await pause();
  }
  const base = contenders.findIndex(({ name }) => name === 'js');
  const peak = contenders.findIndex(({ name }) => name === 'peak');
  return contenders.map(({ name }, i) => {
    const values = seconds[i].map((s) => match.measure(s, name));
    const ratio =
      base < 0 || name === 'peak'
        ? null
        : quantile(
            seconds[i].map((s, round) => seconds[base][round] / s),
            0.5,
          );
    const row = {
      workload: match.workload,
      size: match.size,
      contender: name,
      unit: match.unit,
      median: quantile(values, 0.5),
      p25: quantile(values, 0.25),
      p75: quantile(values, 0.75),
      ratio,
    };
    if (peak < 0 || name === 'peak') return row;
    const share = quantile(
      values.map((value, round) => value / match.measure(seconds[peak][round], 'peak')),
      0.5,
    );
    return { ...row, share };
  });
}
