// Changes that no test can notice, because the changed machine gives the same bits: each with the reason. An entry whose
// line is no longer in the source is an error, so that the table does not outlive what it speaks of.

/**
 * `line` is the whole line, trimmed; `what` is the change as the report writes it; `turn` tells equal changes in one line apart, from 1.
 * @type {{ file: string, line: string, what: string, turn?: number, reason: string }[]}
 */
export const equivalent = [];
