/** What is counted of requests, each by its measure. */
export interface Amounts {
  readonly requests: number;
  readonly tokens: number;
  /** In nano-dollars. */
  readonly money: number;
}
