import { FAULT_KINDS, type Fault, type FaultKind } from './kinds';

export type FaultParse =
  | { readonly type: 'none' }
  | { readonly type: 'fault'; readonly fault: Fault }
  /** What was asked for is no fault we know; `reason` is safe to show. */
  | { readonly type: 'unknown'; readonly reason: string };

/** Parameters with bounds of their own. A response is held in memory while it is made. */
const MOST: Readonly<Record<string, number>> = {
  'giant.size': 64 * 1024 * 1024,
  'endless-headers.size': 65_536,
  'absurd-usage.form': 5,
};

/** Reads `kind;parameter=value;…`, as in the header `x-sim-fault`. */
export function parseFault(text: string): FaultParse {
  const [name, ...assignments] = text.split(';').map(part => part.trim());
  const { kind, suffix } = splitKind(name);
  if (!kind) {
    return {
      type: 'unknown',
      reason: `Unknown fault '${name}'. Known: ${Object.keys(FAULT_KINDS).join(', ')}.`,
    };
  }
  const parameters: Record<string, number> = { ...FAULT_KINDS[kind] };
  const known = Object.keys(parameters);
  if (suffix !== undefined) {
    if (known.length === 0)
      return { type: 'unknown', reason: `Fault '${kind}' takes no parameter.` };
    assignments.unshift(`${known[0]}=${suffix}`);
  }
  for (const assignment of assignments) {
    const [key, value = ''] = assignment.split('=').map(part => part.trim());
    if (!known.includes(key)) {
      return {
        type: 'unknown',
        reason: `Fault '${kind}' has no parameter '${key}'. Known: ${known.join(', ') || 'none'}.`,
      };
    }
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    const problem = problemWith(kind, key, number);
    if (problem)
      return {
        type: 'unknown',
        reason: `Fault '${kind}': '${key}' ${problem}.`,
      };
    parameters[key] = number;
    // 0 bytes is an offset like any other: whether bytes were asked for shows in the absence of chunks.
    if (kind === 'cut' && key === 'bytes') delete parameters.chunks;
  }
  return { type: 'fault', fault: { kind, parameters } };
}

/**
 * The model and the fault in a model name: `fault-<fault>` or `<model>+<fault>`, so that a fault can be reached
 * through a gateway that forwards no headers. A `+` that no fault follows is part of the model's name.
 */
export function parseModelName(name: string): {
  readonly model: string;
  readonly fault: FaultParse;
} {
  if (name.startsWith('fault-')) {
    return { model: name, fault: parseFault(name.slice('fault-'.length)) };
  }
  const plus = name.lastIndexOf('+');
  if (plus > 0) {
    const suffix = name.slice(plus + 1);
    if (splitKind(suffix.split(';')[0].trim()).kind) {
      return { model: name.slice(0, plus), fault: parseFault(suffix) };
    }
  }
  return { model: name, fault: { type: 'none' } };
}

function splitKind(name: string): { kind?: FaultKind; suffix?: string } {
  if (isKind(name)) return { kind: name };
  const match = /^(.+)-(\d{1,9})$/.exec(name);
  return match && isKind(match[1]) ? { kind: match[1], suffix: match[2] } : {};
}

function isKind(name: string): name is FaultKind {
  return Object.hasOwn(FAULT_KINDS, name);
}

function problemWith(
  kind: FaultKind,
  key: string,
  value: number,
): string | undefined {
  if (Number.isNaN(value)) return 'must be a whole number';
  // 204, 304 and the like have no body, and an error is not a success.
  const least = kind === 'status' ? 400 : 200;
  if (
    key === 'code' &&
    (value < least || value > 599 || value === 204 || value === 304)
  ) {
    return `must be a status from ${least} to 599 that has a body`;
  }
  const most = MOST[`${kind}.${key}`];
  if (most !== undefined && (value < 1 || value > most))
    return `must be from 1 to ${most}`;
  return undefined;
}
