/** What a look at a deployment found. */
export interface ProbeResult {
  readonly deploymentId: string;
  readonly alive: boolean;
  /** For an operator. */
  readonly detail: string;
}

/** Where gateways agree on who looks, and learn what was found. */
export interface ProbeStore {
  /**
   * Looks, unless another gateway is at it.
   *
   * @param everyMs - one that was looked at more lately is not yet due
   * @param probe - looks at those that are due: that some gateway, which has reported of late, has left alone after failures
   */
  takeTurn(
    everyMs: number,
    probe: (due: readonly string[]) => Promise<readonly ProbeResult[]>,
  ): Promise<void>;
  /** Which of these were found alive, and how many milliseconds ago. */
  alive(
    deploymentIds: readonly string[],
  ): Promise<ReadonlyArray<{ deploymentId: string; agoMs: number }>>;
}
