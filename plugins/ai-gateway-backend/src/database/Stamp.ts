/** When a row changes, and who changes it. */
export interface Stamp {
  readonly at: Date;
  readonly by: string;
}
