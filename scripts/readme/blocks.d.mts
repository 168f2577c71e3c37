// Types of the blocks of README.md.

export function readBlock(text: string, name: string): string | undefined;
export function writeBlock(text: string, name: string, content: string): string;
