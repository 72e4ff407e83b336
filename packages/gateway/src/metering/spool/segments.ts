import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^(\d{12})\.segment$/;

/** The numbers of the segments in a directory, oldest first. */
export async function listSegments(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names
    .flatMap(name => {
      const match = NAME.exec(name);
      return match ? [Number(match[1])] : [];
    })
    .sort((a, b) => a - b);
}

/** Where a segment is. */
export function segmentPath(directory: string, segment: number): string {
  return join(directory, `${String(segment).padStart(12, '0')}.segment`);
}

/** Makes what happened in a directory last: a file whose name is lost is lost. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
