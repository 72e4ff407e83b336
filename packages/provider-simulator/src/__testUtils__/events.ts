/** One event of a stream, its data parsed where it is JSON. */
export interface StreamEvent {
  readonly event: string | undefined;
  readonly data: unknown;
}

/** The events of a stream of `event:` and `data:` lines. */
export function eventsOf(text: string): StreamEvent[] {
  return text
    .split('\n\n')
    .filter(block => block !== '')
    .map(block => {
      const lines = block.split('\n');
      const field = (name: string) =>
        lines
          .find(line => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      return { event: field('event'), data: parsed(field('data') ?? '') };
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
