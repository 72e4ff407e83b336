import type { StreamEvent } from './events';

/** Values that mean something by themselves, and so belong to the shape. */
const TELLING = new Set([
  'type',
  'role',
  'object',
  'finish_reason',
  'stop_reason',
]);

/**
 * The shape of a stream: per event its name and the paths of its fields with their types; equal neighbours once.
 * Two streams of one format have one shape, however much they say.
 */
export function shapeOf(events: readonly StreamEvent[]): string[][] {
  const shapes = events.map(({ event, data }) => [
    `event ${event ?? '-'}`,
    ...pathsOf(data, '').sort(),
  ]);
  return shapes.filter(
    (shape, index) =>
      index === 0 ||
      JSON.stringify(shape) !== JSON.stringify(shapes[index - 1]),
  );
}

function pathsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value))
    return value.length === 0
      ? [`${path}: []`]
      : value.flatMap((item, index) => pathsOf(item, `${path}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return entries.length === 0
      ? [`${path}: {}`]
      : entries.flatMap(([key, item]) => pathsOf(item, `${path}.${key}`));
  }
  const key = path.slice(path.lastIndexOf('.') + 1);
  const told =
    value === null || TELLING.has(key) || key === 'index'
      ? JSON.stringify(value)
      : typeof value;
  return [`${path}: ${told}`];
}
