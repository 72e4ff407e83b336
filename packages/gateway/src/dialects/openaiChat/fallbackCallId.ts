/** An id for a call that came without one, as some servers send them; it is unique within its answer, which is all that it must be. */
export function fallbackCallId(choice: number, call: number): string {
  return `call_${choice}_${call}`;
}
