/** What requests can be routed by: all models, and how their names lead to each other. @public */
export interface RoutingTable {
  /** Every model there is. */
  readonly models: ReadonlySet<string>;
  /** Those that have a published deployment of an enabled provider. */
  readonly served: ReadonlySet<string>;
  readonly aliases: ReadonlyArray<{
    readonly alias: string;
    /** A model or another alias. */
    readonly target: string;
  }>;
  readonly routes: ReadonlyArray<{
    readonly modelId: string;
    /** Models or aliases. */
    readonly fallbackModels: readonly string[];
  }>;
}

/**
 * Why a routing table cannot be.
 *
 * - `alias-shadows-model`: there is a model of that name, published or not
 * - `alias-cycle`: following the alias leads back to it
 * - `fallback-cycle`: a model would fall back to itself. Two models may have each other: only the fallbacks of the model that was asked
 *   for are tried, and never theirs
 * - `unknown-target`: neither a model nor an alias
 * - `nothing-published`: the model that it leads to is not served. What a model that is not served itself falls back to is no conflict
 *
 * @public
 */
export type RoutingConflict =
  | { readonly kind: 'alias-shadows-model'; readonly alias: string }
  | {
      readonly kind: 'alias-cycle';
      readonly alias: string;
      /** From the alias back to it. */
      readonly through: readonly string[];
    }
  | {
      readonly kind: 'fallback-cycle';
      readonly modelId: string;
      readonly target: string;
    }
  | {
      readonly kind: 'unknown-target' | 'nothing-published';
      readonly of: 'alias' | 'fallback';
      /** The alias, or the model that falls back. */
      readonly name: string;
      readonly target: string;
    };

/** Where a name leads. */
type Resolved =
  | { readonly kind: 'model'; readonly modelId: string }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'cycle'; readonly through: readonly string[] };

/**
 * Finds what is wrong with a routing table. To be asked in the transaction of every write that may bring it about, after it has taken the
 * next revision, which lets one write at a time through: of aliases, routes, models, deployments and providers. Gateways ask it too, and
 * refuse a configuration with a conflict whole.
 *
 * @public
 */
export function findRoutingConflicts(table: RoutingTable): RoutingConflict[] {
  const targets = new Map(table.aliases.map(row => [row.alias, row.target]));
  const conflicts: RoutingConflict[] = [];
  for (const { alias, target } of table.aliases) {
    if (table.models.has(alias)) {
      conflicts.push({ kind: 'alias-shadows-model', alias });
      continue;
    }
    const resolved = resolve(alias, table.models, targets);
    if (resolved.kind === 'cycle') {
      const { through } = resolved;
      // One that only leads into a cycle is told of by those that make it up.
      if (through.at(-1) === alias) {
        conflicts.push({ kind: 'alias-cycle', alias, through });
      }
    } else if (resolved.kind === 'unknown') {
      if (resolved.name === target) {
        conflicts.push({
          kind: 'unknown-target',
          of: 'alias',
          name: alias,
          target,
        });
      }
    } else if (!table.served.has(resolved.modelId)) {
      conflicts.push({
        kind: 'nothing-published',
        of: 'alias',
        name: alias,
        target: resolved.modelId,
      });
    }
  }
  for (const { modelId, fallbackModels } of table.routes) {
    for (const target of fallbackModels) {
      const conflict = conflictOfFallback(modelId, target, table, targets);
      if (conflict) conflicts.push(conflict);
    }
  }
  return conflicts;
}

/**
 * The model that a name leads to, over any aliases; `undefined` when it leads to none.
 *
 * @param targets - of aliases
 * @public
 */
export function resolveModelName(
  name: string,
  models: { has(id: string): boolean },
  targets: ReadonlyMap<string, string>,
): string | undefined {
  const resolved = resolve(name, models, targets);
  return resolved.kind === 'model' ? resolved.modelId : undefined;
}

/** A sentence for whoever made the change. @public */
export function describeRoutingConflict(conflict: RoutingConflict): string {
  switch (conflict.kind) {
    case 'alias-shadows-model':
      return `The alias '${conflict.alias}' has the name of a model; requests for that model would be ambiguous.`;
    case 'alias-cycle':
      return `The alias '${conflict.alias}' leads back to itself: ${conflict.through.join(' → ')}.`;
    case 'fallback-cycle':
      return `The model '${conflict.modelId}' would fall back to itself by '${conflict.target}'.`;
    case 'unknown-target':
      return `${subjectOf(conflict)} leads to '${conflict.target}', which is neither a model nor an alias.`;
    case 'nothing-published':
      return `${subjectOf(conflict)} leads to '${conflict.target}', of which nothing is published. Publish a deployment of it, or take it out of the way first.`;
    default: {
      const impossible: never = conflict;
      throw new TypeError(`Unknown conflict: ${JSON.stringify(impossible)}`);
    }
  }
}

function subjectOf(conflict: {
  readonly of: 'alias' | 'fallback';
  readonly name: string;
}): string {
  return conflict.of === 'alias'
    ? `The alias '${conflict.name}'`
    : `A fallback of the model '${conflict.name}'`;
}

function conflictOfFallback(
  modelId: string,
  target: string,
  { models, served }: RoutingTable,
  targets: ReadonlyMap<string, string>,
): RoutingConflict | undefined {
  const resolved = resolve(target, models, targets);
  // The aliases of a cycle have told of it.
  if (resolved.kind === 'cycle') return undefined;
  const base = { of: 'fallback', name: modelId } as const;
  if (resolved.kind === 'unknown') {
    return { kind: 'unknown-target', ...base, target };
  }
  if (resolved.modelId === modelId) {
    return { kind: 'fallback-cycle', modelId, target };
  }
  return served.has(modelId) && !served.has(resolved.modelId)
    ? { kind: 'nothing-published', ...base, target: resolved.modelId }
    : undefined;
}

function resolve(
  name: string,
  models: { has(id: string): boolean },
  targets: ReadonlyMap<string, string>,
): Resolved {
  const through = [name];
  let at = name;
  // A model's own name is the model, whatever else is called so.
  while (!models.has(at)) {
    const target = targets.get(at);
    if (target === undefined) return { kind: 'unknown', name: at };
    if (through.includes(target)) {
      return { kind: 'cycle', through: [...through, target] };
    }
    through.push(target);
    at = target;
  }
  return { kind: 'model', modelId: at };
}
