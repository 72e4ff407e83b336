/** What is wrong with an id that comes again for something else. */
export function otherEntries(holdId: string): TypeError {
  return new TypeError(`Hold ${holdId} was made with other entries`);
}
