// Walks over the syntax trees of built scripts: every node, or only those that run when the script is loaded.

/** What the tests look at in a node. */
export interface Syntax {
  readonly type: string;
  readonly name?: unknown;
  readonly await?: boolean;
  readonly source?: { readonly value: unknown } | null;
}

/** Every node of a tree, depth first. */
export function everyNode(tree: unknown): Syntax[] {
  return walk(tree, () => true);
}

/** The nodes outside all functions. */
export function topLevelNodes(tree: unknown): Syntax[] {
  return walk(tree, (node) => !/^(Function|ArrowFunction)/.test(node.type));
}

function walk(tree: unknown, enters: (node: Syntax) => boolean): Syntax[] {
  if (Array.isArray(tree)) return tree.flatMap((child) => walk(child, enters));
  if (tree === null || typeof tree !== 'object') return [];
  const inside = (): Syntax[] => Object.values(tree).flatMap((child) => walk(child, enters));
  if (!isSyntax(tree)) return inside();
  return enters(tree) ? [tree, ...inside()] : [];
}

const isSyntax = (value: object): value is Syntax => 'type' in value && typeof value.type === 'string';
