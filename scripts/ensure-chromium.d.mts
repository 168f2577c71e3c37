/** What to do when there is no Chromium, in one sentence. */
export const NO_CHROMIUM: string;
/** Arguments for a Chromium without a display, without a GPU, often as root in a container. */
export const CHROMIUM_ARGUMENTS: string[];
/** The path of a Chromium, or undefined. */
export function findChromium(): Promise<string | undefined>;
/** Finds a Chromium, installing one if that is possible; undefined when there is none to be had. */
export function ensureChromium(): Promise<string | undefined>;
