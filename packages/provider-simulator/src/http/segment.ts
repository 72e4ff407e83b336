/** A part of a path without its escapes. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray % is not an escape: nothing is called so, and the 404 shows it as it came.
    return segment;
  }
}
